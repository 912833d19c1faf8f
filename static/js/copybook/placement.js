/** Where a letter is on the sheet: from the letter's box to parts of the sheet's side, and back. */

const BASE = 0.7; // the line that is written on
const CAPITAL = 0.48; // heights, as parts of the side
const SMALL = 0.36;

export class Placement {
  #scale;
  #left;
  #slant;

  /** `elements`: paths [x, y] in hundredths of the letter's box; `alphabet`: {slant, small}. */
  constructor(elements, { slant, small }) {
    this.#scale = (small ? SMALL : CAPITAL) / 100;
    this.#slant = slant;
    const places = elements.flat().map(([x, y]) => x + slant * (100 - y));
    this.#left = 0.5 - (this.#scale * (Math.min(...places) + Math.max(...places))) / 2;
  }

  /** Heights of the lines, as parts of the side: what letters reach up to, and what they stand on. */
  get lines() {
    return [BASE - 100 * this.#scale, BASE];
  }

  /** A point of the letter on the sheet. */
  toSheet([x, y]) {
    return [this.#left + this.#scale * (x + this.#slant * (100 - y)), BASE - this.#scale * (100 - y)];
  }

  /** A point of the sheet in the letter's box, upright. */
  toBox([x, y]) {
    const height = (BASE - y) / this.#scale;
    return [(x - this.#left) / this.#scale - this.#slant * height, 100 - height];
  }
}
