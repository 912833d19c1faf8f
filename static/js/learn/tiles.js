/** The 33 letters held back: their pictures, and what the network reads them as. One can be chosen. */

import { eraseLetter, inks, paintLetter } from "./pixels.js";

export class Tiles extends EventTarget {
  #tiles;
  #words;
  #shown = []; // {label, number, picture}
  #colours = null;

  constructor(root, words) {
    super();
    this.#words = words;
    this.#tiles = [...root.querySelectorAll("button")];
    this.#tiles.forEach((tile, label) => tile.addEventListener("click", () => this.#choose(tile, label)));
  }

  /** The letter of a label. */
  letter(label) {
    return this.#tiles[label].querySelector(".learn-truth").textContent;
  }

  /** Show pictures: {label, number, picture} of each. The tile of a letter without one is as at the beginning. */
  show(shown) {
    this.#shown = shown;
    this.#colours ??= inks();
    for (const [label, tile] of this.#tiles.entries()) {
      const found = shown.find((each) => each.label === label);
      tile.disabled = !found;
      tile.removeAttribute("data-right");
      tile.removeAttribute("aria-pressed");
      tile.removeAttribute("aria-label");
      tile.querySelector(".learn-read").textContent = "·";
      tile.toggleAttribute("data-shown", Boolean(found));
      if (found) {
        paintLetter(tile.querySelector("canvas"), found.picture, this.#colours);
      } else {
        eraseLetter(tile.querySelector("canvas"));
      }
    }
  }

  /** What each is read as: {read, probability}, in the order of the pictures. */
  read(readings) {
    readings.forEach(({ read, probability }, place) => {
      const { label } = this.#shown[place];
      const tile = this.#tiles[label];
      const values = { letter: this.letter(label), read: this.letter(read), percent: this.#words.percent(probability) };
      tile.dataset.right = read === label ? "yes" : "no";
      tile.querySelector(".learn-read").textContent = values.read;
      tile.setAttribute("aria-label", this.#words.say("tile", values));
    });
  }

  repaint() {
    this.#colours = inks();
    for (const { label, picture } of this.#shown) {
      paintLetter(this.#tiles[label].querySelector("canvas"), picture, this.#colours);
    }
  }

  #choose(tile, label) {
    this.#tiles.forEach((each) => each.removeAttribute("aria-pressed"));
    tile.setAttribute("aria-pressed", "true");
    this.dispatchEvent(new CustomEvent("choose", { detail: this.#shown.find((each) => each.label === label).number }));
  }
}
