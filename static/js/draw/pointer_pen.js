/** Mouse, finger and pen write on the sheet. */

const PALM_MILLISECONDS = 3000; // after the pen was seen, a touch is the hand that holds it

export class PointerPen {
  #canvas;
  #sheet;
  #active = null;
  #penSeen = Number.NEGATIVE_INFINITY;

  constructor(canvas, sheet) {
    this.#canvas = canvas;
    this.#sheet = sheet;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
    canvas.addEventListener("pointercancel", (event) => this.#cancel(event));
    canvas.addEventListener("lostpointercapture", (event) => this.#up(event));
    canvas.addEventListener("contextmenu", (event) => this.#active && event.preventDefault());
    // touch-action keeps the page still; older Safari also wants the touch itself refused.
    canvas.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  }

  #down(event) {
    if (event.pointerType === "pen") {
      this.#penSeen = event.timeStamp;
    }
    if (event.button !== 0 || !this.#takes(event)) {
      return;
    }
    event.preventDefault();
    this.#canvas.focus({ preventScroll: true, focusVisible: false });
    this.#canvas.setPointerCapture(event.pointerId);
    this.#active = { id: event.pointerId, type: event.pointerType };
    this.#sheet.begin(...this.#place(event));
  }

  /** Is this the one that writes? A second finger is not; a pen takes over from the palm that came before it. */
  #takes(event) {
    if (this.#active) {
      if (event.pointerType !== "pen" || this.#active.type !== "touch") {
        return false;
      }
      this.#active = null;
      this.#sheet.abandon();
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
    const coalesced = event.getCoalescedEvents?.() ?? [];
    for (const part of coalesced.length ? coalesced : [event]) {
      this.#sheet.extend(...this.#place(part));
    }
  }

  #up(event) {
    if (this.#isActive(event)) {
      this.#active = null;
      if (event.type === "pointerup") {
        this.#sheet.extend(...this.#place(event));
      }
      this.#sheet.end();
    }
  }

  #cancel(event) {
    if (this.#isActive(event)) {
      this.#active = null;
      this.#sheet.abandon();
    }
  }

  /** [x, y, t] of an event: parts of the side as it is on the screen now, whatever the zoom. */
  #place(event) {
    const box = this.#canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height, event.timeStamp];
  }
}
