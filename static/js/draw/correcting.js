/** One tap says what a drawing should have been read as. Markup: templates/recognizer/correcting.html. */

const OFFERED = 4; // letters that are one tap away

/** Dispatches "correct" with {letter, strokes} in `detail`, and "forget" when corrections were forgotten or brought back. */
export class Correcting extends EventTarget {
  #root;
  #texts;
  #corrections;
  #strokes = null;

  /** `texts`: {learnt, noted} in the page's language; `corrections`: what is kept, as Corrections. */
  constructor(root, texts, corrections) {
    super();
    this.#root = root;
    this.#texts = texts;
    this.#corrections = corrections;
    root.hidden = false;
    this.#part("form").addEventListener("submit", (event) => this.#confirm(event));
    this.#part("letter").addEventListener("change", () => this.#showChosen());
    this.#part("forget").addEventListener("click", () => this.#forget());
    this.#part("restore").addEventListener("click", () => this.#restore());
    corrections.addEventListener("change", () => this.#showKept());
    this.#showKept();
    this.forget();
  }

  /** Strokes were read: `strokes` as they were sent, `answer` as it came. */
  read(strokes, { best, refused, model }) {
    const likely = best.slice(refused ? 0 : 1).slice(0, OFFERED).map(({ letter }) => letter);
    this.#strokes = strokes;
    this.#part("likely").replaceChildren(...likely.map((letter) => this.#button(letter)));
    const select = this.#part("letter");
    select.replaceChildren(select.options[0], ...[...(model.letters ?? "")].map((letter) => new Option(letter, letter)));
    select.value = "";
    this.#showChosen();
    this.#root.dataset.phase = "question";
  }

  /** The drawing is another one now, or none. */
  forget() {
    this.#strokes = null;
    this.#root.dataset.phase = "none";
    this.#part("status").textContent = "";
  }

  /** The correction was kept; `isRead`: the page itself reads, and so by it. */
  tell(letter, isRead) {
    const status = this.#part("status");
    status.textContent = this.#texts[isRead ? "learnt" : "noted"].replace("{letter}", letter);
    status.focus({ preventScroll: true }); // the button that had it is another letter's, or gone
  }

  /** The list only chooses: an arrow key in it must not decide. */
  #showChosen() {
    const { value } = this.#part("letter");
    this.#part("confirm").hidden = !value;
    this.#part("chosen").textContent = value;
  }

  #confirm(event) {
    event.preventDefault();
    const { value } = this.#part("letter");
    if (value) {
      this.#correct(value);
    }
  }

  #correct(letter) {
    this.dispatchEvent(new CustomEvent("correct", { detail: { letter, strokes: this.#strokes } }));
  }

  #forget() {
    this.#corrections.forget();
    this.dispatchEvent(new Event("forget"));
    this.#part("restore").focus();
  }

  #restore() {
    this.#corrections.restore();
    this.dispatchEvent(new Event("forget"));
    this.#part("forget").focus();
  }

  #button(letter) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button", textContent: letter, lang: "ru" });
    button.addEventListener("click", () => this.#correct(letter));
    return button;
  }

  #showKept() {
    const { letters, canRestore } = this.#corrections;
    this.#part("kept").hidden = !letters.length;
    this.#part("letters").textContent = letters.join(" ");
    this.#part("forgotten").hidden = !canRestore;
  }

  #part(name) {
    return this.#root.querySelector(`[data-part="${name}"]`);
  }
}
