/** Asks what a letter is: its alternatives, all other letters, or none. */

const MARGIN = 0.25; // of the letter's size, shown around it

export class Correcting {
  #part;
  #done;
  #letter = null;

  /** `part` finds an element by its name; `done` is called after each correction. */
  constructor(part, texts, done) {
    this.#part = part;
    this.#done = done;
    const other = part("other");
    other.append(...[...texts.letters].map((letter) => new Option(letter, letter)));
    other.addEventListener("change", () => other.value && this.#become(other.value));
    part("remove").addEventListener("click", () => this.#become(""));
  }

  /** Ask about a letter of a picture. */
  ask(letter, picture) {
    this.#letter = letter;
    this.#part("other").value = "";
    this.#part("likely").replaceChildren(...letter.best.map((guess) => this.#choice(guess.letter)));
    this.#showCloseUp(letter, picture);
    this.#part("dialog").showModal();
  }

  #choice(name) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = name;
    button.addEventListener("click", () => this.#become(name));
    return button;
  }

  #become(name) {
    this.#letter.letter = name || this.#letter.letter;
    this.#letter.state = name ? "corrected" : "removed";
    this.#part("dialog").close();
    this.#done();
  }

  #showCloseUp(letter, picture) {
    const canvas = this.#part("closeup");
    const context = canvas.getContext("2d");
    const [left, top, width, height] = letter.box;
    const scale = picture.naturalWidth / letter.page.width;
    const side = Math.max(width, height) * (1 + 2 * MARGIN) * scale;
    const [x, y] = [(left + width / 2) * scale - side / 2, (top + height / 2) * scale - side / 2];
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, x, y, side, side, 0, 0, canvas.width, canvas.height);
  }
}
