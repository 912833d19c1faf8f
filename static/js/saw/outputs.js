/** The outputs: a tile with a bar for each letter, which can be chosen to ask about it. */

import { filled, percent } from "./numbers.js";

const SMALLEST = 6; // a bar of no height stands for a millionth

/** Dispatches "choose" with the letter in `detail`; null where the choice is taken back. */
export class Outputs extends EventTarget {
  #root;
  #texts;
  #tiles = new Map();
  #chosen = null;

  /** `texts`: {output} in the page's language. */
  constructor(root, texts) {
    super();
    this.#root = root;
    this.#texts = texts;
  }

  get chosen() {
    return this.#chosen;
  }

  /** @param {{letters: string[], probabilities: number[], read: string}} layers */
  show({ letters, probabilities, read }) {
    if (this.#tiles.size !== letters.length) {
      this.#tiles = new Map(letters.map((letter) => [letter, this.#tile(letter)]));
      this.#root.replaceChildren(...this.#tiles.values());
    }
    letters.forEach((letter, index) => {
      const tile = this.#tiles.get(letter);
      tile.dataset.read = letter === read ? "yes" : "no";
      const share = percent(probabilities[index]);
      tile.setAttribute("aria-label", filled(this.#texts.output, { letter, percent: share }));
      tile.title = share;
      tile.querySelector("meter").value = Math.max(0, 1 + Math.log10(Math.max(probabilities[index], 1e-9)) / SMALLEST);
    });
  }

  /** Choose a letter, or none. */
  choose(letter) {
    this.#chosen = letter;
    for (const [each, tile] of this.#tiles) {
      tile.setAttribute("aria-pressed", String(each === letter));
    }
  }

  #tile(letter) {
    const [tile, meter, name] = ["button", "meter", "span"].map((tag) => document.createElement(tag));
    Object.assign(tile, { type: "button", className: "output" });
    tile.setAttribute("aria-pressed", "false");
    meter.setAttribute("aria-hidden", "true");
    Object.assign(name, { textContent: letter, lang: "ru" });
    tile.append(meter, name);
    tile.addEventListener("click", () => {
      this.choose(letter === this.#chosen ? null : letter);
      this.dispatchEvent(new CustomEvent("choose", { detail: this.#chosen }));
    });
    return tile;
  }
}
