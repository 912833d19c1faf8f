/** The keyboard writes and erases, too: arrows move the tool, the space bar puts it down and lifts it. */

const STEP = 0.025; // of the side; with Shift, four times as far
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class KeyboardPen {
  #sheet;
  #tools;
  #painter;
  #x = 0.5;
  #y = 0.5;
  #held = null; // the tool that is down

  constructor(canvas, { sheet, tools, painter }) {
    this.#sheet = sheet;
    this.#tools = tools;
    this.#painter = painter;
    canvas.addEventListener("keydown", (event) => this.#key(event));
    sheet.addEventListener("change", () => {
      this.#held = this.#held === sheet && !sheet.isDrawing ? null : this.#held; // clearing takes the pen off
    });
    tools.addEventListener("change", () => this.#lift());
    canvas.addEventListener("blur", () => this.#leave());
    canvas.addEventListener("pointerdown", () => this.#leave(), { capture: true });
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key in DIRECTIONS) {
      this.#move(DIRECTIONS[event.key], event.shiftKey ? 4 * STEP : STEP, event.timeStamp);
    } else if (event.key === " ") {
      this.#toggle(event.timeStamp);
    } else {
      return;
    }
    event.preventDefault();
    this.#painter.showCursor({ x: this.#x, y: this.#y, isDown: this.#held !== null });
  }

  #move([dx, dy], step, time) {
    this.#x = Math.min(Math.max(this.#x + dx * step, 0), this.#sheet.wide);
    this.#y = Math.min(Math.max(this.#y + dy * step, 0), this.#sheet.high);
    this.#held?.extend([[this.#x, this.#y, time]]);
  }

  #toggle(time) {
    if (this.#held) {
      this.#lift();
    } else {
      this.#held = this.#tools.inHand;
      this.#held.begin([this.#x, this.#y, time]);
    }
  }

  #lift() {
    const held = this.#held;
    this.#held = null;
    held?.end();
  }

  #leave() {
    this.#lift();
    this.#painter.showCursor(null);
  }
}
