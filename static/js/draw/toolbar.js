/** The buttons and keys that change the sheet: undo, redo, the eraser, clear. */

import { editOf } from "../sheet/shortcuts.js";

const EDITS = ["undo", "redo", "erase", "clear"];

export class Toolbar {
  #page;
  #sheet;
  #tools;
  #buttons;
  #full;

  /** `page`: what holds canvas and buttons; `tools`: what is held over the sheet; `full`: says that it holds no more. */
  constructor(page, { sheet, tools, full }) {
    this.#page = page;
    this.#sheet = sheet;
    this.#tools = tools;
    this.#full = full;
    this.#buttons = Object.fromEntries(EDITS.map((edit) => [edit, page.querySelector(`[data-${edit}]`)]));
    for (const edit of EDITS) {
      this.#buttons[edit].addEventListener("click", () => this.#do(edit));
    }
    for (const kind of ["ink", "change"]) {
      sheet.addEventListener(kind, () => this.#show());
    }
    tools.addEventListener("change", () => this.#show());
    document.addEventListener("keydown", (event) => this.#key(event));
    this.#show();
  }

  #do(edit) {
    if (edit === "erase") {
      this.#tools.isErasing = !this.#tools.isErasing;
    } else {
      this.#sheet[edit]();
    }
  }

  /** Keys hold on the whole page but the header and its menu; that of the eraser, a mere letter, on the sheet alone. */
  #key(event) {
    const { target } = event;
    const isHere = !this.#page.hidden && (target === document.body || this.#page.contains(target));
    const edit = isHere ? editOf(event) : null;
    if (edit && (edit !== "erase" || target.tagName === "CANVAS")) {
      event.preventDefault();
      this.#do(edit);
    }
  }

  #show() {
    const [sheet, { isErasing }] = [this.#sheet, this.#tools];
    Object.assign(this.#page.dataset, { empty: sheet.isEmpty, strokes: sheet.strokes.length, tool: isErasing ? "eraser" : "pen" });
    this.#buttons.erase.setAttribute("aria-pressed", String(isErasing));
    this.#page.querySelector("[data-note]").textContent = sheet.isFull ? this.#full : "";
    this.#enable({ undo: sheet.canUndo, redo: sheet.canRedo, erase: sheet.finished.length > 0, clear: !sheet.isEmpty });
  }

  /** A button that goes while it has the focus leaves it to the sheet, so that the keyboard is not lost. */
  #enable(states) {
    for (const [edit, isEnabled] of Object.entries(states)) {
      const button = this.#buttons[edit];
      if (!isEnabled && document.activeElement === button) {
        this.#page.querySelector("canvas").focus({ preventScroll: true, focusVisible: button.matches(":focus-visible") });
      }
      button.disabled = !isEnabled;
    }
  }
}
