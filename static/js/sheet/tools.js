/** What mouse, finger and keyboard hold: the pen or the eraser. A pen that is turned over erases whatever they hold. */

import { Eraser } from "./eraser.js";

export class Tools extends EventTarget {
  #sheet;
  #isErasing = false;

  constructor(sheet) {
    super();
    this.#sheet = sheet;
    this.eraser = new Eraser(sheet);
    sheet.addEventListener("change", () => {
      this.isErasing &&= sheet.finished.length > 0; // nothing is left to erase: write again
    });
  }

  /** What is led over the sheet, by begin, extend, end and abandon. */
  get inHand() {
    return this.#isErasing ? this.eraser : this.#sheet;
  }

  get isErasing() {
    return this.#isErasing;
  }

  /** Take up the eraser, where there are strokes, or the pen. */
  set isErasing(wanted) {
    const isErasing = wanted && this.#sheet.finished.length > 0;
    if (isErasing !== this.#isErasing && !this.#sheet.isDrawing) {
      this.#isErasing = isErasing;
      this.dispatchEvent(new Event("change"));
    }
  }
}
