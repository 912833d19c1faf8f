/** Which letter is written: printed or cursive, capital or small; kept in the page's address. */

const STYLES = ["printed", "cursive"];
const CASES = ["capital", "small"];

export class Choice extends EventTarget {
  #form;
  #alphabets;
  #tiles;

  /** `form` has radio buttons `style` and `case` and the place for the letters; `alphabets` as published. */
  constructor(form, alphabets) {
    super();
    this.#form = form;
    this.#alphabets = alphabets;
    this.#tiles = form.querySelector("[data-letters]");
    this.#restore();
    form.addEventListener("change", (event) => this.#changed(event));
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  get alphabetName() {
    return `${this.#value("style")}_${this.#value("case")}`;
  }

  get alphabet() {
    return this.#alphabets[this.alphabetName];
  }

  get letter() {
    return this.#value("letter");
  }

  get elements() {
    return this.alphabet.letters[this.letter];
  }

  /** The name that results are kept under. */
  get key() {
    return `${this.alphabetName}/${this.letter}`;
  }

  /** Mark the letters that were written: `of(key)` gives their results, `say(results)` words for them. */
  mark(of, say) {
    for (const input of this.#tiles.querySelectorAll("input")) {
      const results = of(`${this.alphabetName}/${input.value}`);
      input.parentElement.dataset.best = results.memory !== undefined ? "memory" : results.trace !== undefined ? "trace" : "";
      input.setAttribute("aria-label", [input.value, say(results)].filter(Boolean).join(", "));
    }
  }

  /** Go to the next letter of the alphabet. */
  next() {
    const inputs = [...this.#tiles.querySelectorAll("input")];
    const at = inputs.findIndex((input) => input.checked);
    const next = inputs[(at + 1) % inputs.length];
    next.checked = true;
    next.parentElement.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#announce();
  }

  #value(name) {
    return new FormData(this.#form).get(name);
  }

  #restore() {
    const wanted = new URLSearchParams(location.search);
    const [style, size] = (wanted.get("alphabet") ?? "").split("_");
    this.#check("style", STYLES.includes(style) ? style : STYLES[0]);
    this.#check("case", CASES.includes(size) ? size : CASES[0]);
    this.#fill(wanted.get("letter"));
  }

  #check(name, value) {
    this.#form.querySelector(`[name=${name}][value=${value}]`).checked = true;
  }

  #changed({ target }) {
    if (target.name !== "letter") {
      this.#fill(this.letter);
    }
    this.#announce();
  }

  #announce() {
    const address = new URLSearchParams({ alphabet: this.alphabetName, letter: this.letter });
    history.replaceState(null, "", `?${address}`);
    this.dispatchEvent(new Event("change"));
  }

  /** The letters of the alphabet, the same one chosen as before where there is one. */
  #fill(wanted) {
    const letters = Object.keys(this.alphabet.letters);
    const chosen = letters.find((letter) => letter.toUpperCase() === wanted?.toUpperCase()) ?? letters[0];
    const tiles = letters.map((letter) => {
      const tile = document.createElement("label");
      tile.className = "letter-tile";
      const input = Object.assign(document.createElement("input"), { type: "radio", name: "letter", value: letter, checked: letter === chosen });
      const face = document.createElement("span");
      face.textContent = letter;
      face.lang = "ru";
      tile.append(input, face);
      return tile;
    });
    this.#tiles.replaceChildren(...tiles);
  }
}
