/** The sheet of the page: what is written on it, and which letter it is meant to be. */

import { editOf } from "../sheet/shortcuts.js";
import { Sheet } from "../sheet/sheet.js";
import { writeOn } from "../sheet/writing.js";

const SIDE = 255;

/** Says `change` when something is written, and `name` when another letter is chosen. */
export class Paper extends EventTarget {
  #sheet = new Sheet();
  #canvas;
  #is;
  #words;

  /** `is`: lists of the letters to choose from; all of them say the same. */
  constructor(canvas, { undo, clear, is }, words) {
    super();
    this.#canvas = canvas;
    this.#is = is;
    this.#words = words;
    writeOn(canvas, this.#sheet);
    undo.addEventListener("click", () => this.#sheet.undo());
    clear.addEventListener("click", () => this.#sheet.clear());
    is.forEach((list) => list.addEventListener("change", () => this.#choose(list.selectedIndex)));
    this.#sheet.addEventListener("change", () => {
      undo.disabled = !this.#sheet.canUndo;
      clear.disabled = this.#sheet.isEmpty;
      this.dispatchEvent(new Event("change"));
    });
    canvas.addEventListener("keydown", (event) => {
      const edit = editOf(event);
      if (edit && edit !== "erase") {
        event.preventDefault();
        this.#sheet[edit]();
      }
    });
    this.#name(this.label);
  }

  get isEmpty() {
    return !this.#sheet.finished.length;
  }

  /** Strokes of points [x, y], in 255ths of the sheet. */
  get strokes() {
    return this.#sheet.finished.map((stroke) => stroke.map(([x, y]) => [x * SIDE, y * SIDE]));
  }

  /** Which letter it is meant to be. */
  get label() {
    return this.#is[0].selectedIndex;
  }

  /** A clean sheet for the next letter of the alphabet. */
  next() {
    this.#name((this.label + 1) % this.#is[0].length);
    this.#sheet.clear();
    this.#canvas.focus({ preventScroll: true });
  }

  #choose(label) {
    this.#name(label);
    this.dispatchEvent(new Event("name"));
  }

  #name(label) {
    this.#is.forEach((list) => {
      list.selectedIndex = label;
    });
    this.#canvas.setAttribute("aria-label", this.#words.say("sheet", { letter: this.#is[0].selectedOptions[0].text }));
  }
}
