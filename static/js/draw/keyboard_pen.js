/** The keyboard writes too: arrows move the pen, the space bar puts it down and lifts it. */

const STEP = 0.025; // of the side; with Shift, four times as far
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class KeyboardPen {
  #sheet;
  #painter;
  #x = 0.5;
  #y = 0.5;
  #isDown = false;

  constructor(canvas, sheet, painter) {
    this.#sheet = sheet;
    this.#painter = painter;
    canvas.addEventListener("keydown", (event) => this.#key(event));
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
    this.#painter.showCursor({ x: this.#x, y: this.#y, isDown: this.#isDown });
  }

  #move([dx, dy], step, time) {
    this.#x = Math.min(Math.max(this.#x + dx * step, 0), 1);
    this.#y = Math.min(Math.max(this.#y + dy * step, 0), 1);
    if (this.#isDown) {
      this.#sheet.extend(this.#x, this.#y, time);
    }
  }

  #toggle(time) {
    this.#isDown = !this.#isDown;
    if (this.#isDown) {
      this.#sheet.begin(this.#x, this.#y, time);
    } else {
      this.#sheet.end();
    }
  }

  #leave() {
    if (this.#isDown) {
      this.#isDown = false;
      this.#sheet.end();
    }
    this.#painter.showCursor(null);
  }
}
