/** What one letter of a word may be instead. Markup: templates/recognizer/word.html. */

/** Dispatches "choose", "cut" and "forget" with {place, strokes, letter} in `detail`, and "close". */
export class LetterChoice extends EventTarget {
  #root;
  #texts;
  #offered = null;
  #percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });

  constructor(root, texts) {
    super();
    this.#root = root;
    this.#texts = texts;
    root.setAttribute("aria-labelledby", this.#part("choice-title").id);
    this.#part("letters").addEventListener("change", () => this.#showChosen());
    this.#part("confirm").addEventListener("click", () => this.#choose(this.#part("letters").value));
    this.#part("cut").addEventListener("click", () => this.#tell("cut"));
    this.#part("as-read").addEventListener("click", () => this.#tell("forget"));
    this.#part("close").addEventListener("click", () => this.dispatchEvent(new Event("close")));
  }

  /** Offer other letters for one, {place, of, letter, best, strokes, isMended}; `isOwn`: it was read here, and is read anew. */
  offer(letter, { isOwn, letters }) {
    this.#offered = letter;
    this.#part("choice-title").textContent = this.#texts.choice.replace("{number}", letter.place + 1).replace("{of}", letter.of).replace("{letter}", letter.letter);
    this.#part("likely").replaceChildren(...letter.best.map((guess) => this.#button(guess, isOwn)));
    const select = this.#part("letters");
    select.replaceChildren(select.options[0], ...[...letters].map((each) => new Option(each, each)));
    select.value = "";
    select.hidden = !isOwn;
    this.#showChosen();
    this.#part("cut").hidden = !isOwn || letter.strokes.length < 2;
    this.#part("as-read").hidden = !isOwn || !letter.isMended;
    this.#root.hidden = false;
    this.#part("choice-title").focus({ preventScroll: true });
  }

  get isOffered() {
    return !this.#root.hidden;
  }

  hide() {
    this.#root.hidden = true;
  }

  /** The list only chooses: an arrow key in it must not decide. */
  #showChosen() {
    const { value } = this.#part("letters");
    this.#part("confirm").hidden = !value;
    this.#part("chosen").textContent = value;
  }

  #choose(letter) {
    this.#tell("choose", { letter });
  }

  #tell(kind, more = {}) {
    const { place, strokes } = this.#offered;
    this.dispatchEvent(new CustomEvent(kind, { detail: { place, strokes, ...more } }));
  }

  #button({ letter, probability }, isEnabled) {
    const button = document.createElement("button");
    const share = document.createElement("span");
    Object.assign(button, { type: "button", className: "button", disabled: !isEnabled, lang: "ru", ariaPressed: String(letter === this.#offered.letter) });
    Object.assign(share, { className: "word-share", textContent: this.#percent.format(probability) });
    button.append(`${letter} `, share);
    button.addEventListener("click", () => this.#choose(letter));
    return button;
  }

  #part(name) {
    return this.#root.querySelector(`[data-part="${name}"]`);
  }
}
