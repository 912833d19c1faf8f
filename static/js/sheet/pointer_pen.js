/** Mouse, finger and pen write on the sheet, or erase. */

import { MOST_POINTS } from "./sheet.js";

const PALM_MILLISECONDS = 3000; // after the pen was seen, a touch is the hand that holds it
const STILL = 0.03; // of the side; a finger that has not gone farther has but touched
const ERASER_BUTTON = 5; // of a pen that is turned over

/** Whether the left button of the mouse is down. */
function isHeld(event) {
  return event.pointerType === "mouse" && (event.buttons & 1) === 1;
}

export class PointerPen {
  #canvas;
  #sheet;
  #tools;
  #painter;
  #active = null; // {id, type, tool, from, reach, isCrowded} of the pointer that writes
  #penSeen = Number.NEGATIVE_INFINITY;

  constructor(canvas, { sheet, tools, painter }) {
    this.#canvas = canvas;
    this.#sheet = sheet;
    this.#tools = tools;
    this.#painter = painter;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
    canvas.addEventListener("pointercancel", (event) => this.#cancel(event));
    canvas.addEventListener("lostpointercapture", (event) => this.#lost(event));
    canvas.addEventListener("contextmenu", (event) => this.#active && event.preventDefault());
    // touch-action keeps the page still; older Safari also wants the touch itself refused.
    canvas.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    document.addEventListener("visibilitychange", () => document.hidden && this.#leave());
    addEventListener("pagehide", () => this.#leave());
  }

  #down(event) {
    if (event.pointerType === "pen") {
      this.#penSeen = event.timeStamp;
    }
    const isErasing = event.pointerType === "pen" && event.button === ERASER_BUTTON;
    if ((event.button !== 0 && !isErasing) || !this.#takes(event)) {
      return;
    }
    event.preventDefault();
    this.#canvas.focus({ preventScroll: true, focusVisible: false });
    this.#canvas.setPointerCapture(event.pointerId);
    const [[from], tool] = [this.#places([event]), isErasing ? this.#tools.eraser : this.#tools.inHand];
    this.#active = { id: event.pointerId, type: event.pointerType, tool, from, reach: 0, isCrowded: false };
    tool.begin(from);
  }

  /** Is this the one that writes? A second finger is not; a pen takes over from the palm that came before it. */
  #takes(event) {
    if (this.#active) {
      this.#active.isCrowded ||= event.pointerType === "touch";
      if (event.pointerType !== "pen" || this.#active.type !== "touch") {
        return false;
      }
      this.#take().abandon();
    }
    return event.pointerType !== "touch" || event.timeStamp - this.#penSeen > PALM_MILLISECONDS;
  }

  #isActive(event) {
    return this.#active?.id === event.pointerId;
  }

  #move(event) {
    if (event.pointerType === "pen") {
      this.#penSeen = event.timeStamp;
    }
    if (!this.#isActive(event)) {
      return;
    }
    if (event.pointerType === "mouse" && !isHeld(event)) {
      this.#up(event); // the left button was lifted while another was held: that is a move, and no "pointerup" comes
      return;
    }
    const coalesced = event.getCoalescedEvents?.() ?? [];
    this.#painter.expect(this.#places(event.getPredictedEvents?.() ?? []));
    this.#draw(this.#places(coalesced.length ? coalesced.slice(0, MOST_POINTS) : [event]));
  }

  #draw(points) {
    const { tool, from, reach } = this.#active;
    const [x, y] = points.at(-1);
    this.#active.reach = Math.max(reach, Math.hypot(x - from[0], y - from[1]));
    tool.extend(points);
  }

  #up(event) {
    if (!this.#isActive(event)) {
      return;
    }
    if (event.type === "pointerup") {
      this.#painter.expect([]);
      this.#draw(this.#places([event]).map((point) => point.slice(0, 3).concat(this.#lastPressure)));
    }
    const { isCrowded, reach } = this.#active;
    const tool = this.#take();
    if (isCrowded && reach <= STILL) {
      tool.abandon(); // a hand that rests on the screen, or two fingers that tapped
    } else {
      tool.end();
    }
  }

  /** A pen that is lifted presses no more, but its line does not end as a hair. */
  get #lastPressure() {
    return this.#sheet.stroke?.at(-1).slice(3) ?? [];
  }

  /** A right click takes the capture away while the left button is held: take it back. */
  #lost(event) {
    if (this.#isActive(event) && isHeld(event)) {
      this.#canvas.setPointerCapture(event.pointerId);
    } else {
      this.#up(event);
    }
  }

  #cancel(event) {
    if (this.#isActive(event)) {
      this.#take().abandon();
    }
  }

  /** The page goes out of sight, and no pointer will be seen to be lifted there. */
  #leave() {
    if (this.#active) {
      this.#take().end();
    }
  }

  /** The tool of the pointer that wrote, which writes no more. */
  #take() {
    const { tool } = this.#active;
    this.#active = null;
    return tool;
  }

  /** [x, y, t] of events, with a pen's pressure: in sides as they are on the screen now, whatever the zoom. */
  #places(events) {
    const box = this.#canvas.getBoundingClientRect();
    return events.map(({ clientX, clientY, timeStamp, pointerType, pressure }) => {
      const [x, y] = [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
      const place = [x * this.#sheet.wide, y * this.#sheet.high, timeStamp];
      return pointerType === "pen" ? [...place, pressure] : place;
    });
  }
}
