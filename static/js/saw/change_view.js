/** The smallest change that makes another letter of the picture: before, the change, after, and how large it is. */

import { filled, percent, whole } from "./numbers.js";
import { graphic, ink, squares } from "./svg.js";

export class ChangeView {
  #root;
  #sentence;
  #texts;

  /** `root`: takes the pictures; `sentence`: says how large; `texts`: {before, change, after, size, none, searching}. */
  constructor(root, sentence, texts) {
    this.#root = root;
    this.#sentence = sentence;
    this.#texts = texts;
  }

  /** It is being looked for; what is there is of another drawing. */
  search() {
    this.#sentence.textContent = this.#texts.searching;
    this.#root.replaceChildren();
  }

  /** @param {{picture: ?Uint8Array, letter: string, probability: number, wanted: ?string, paper: number}} told */
  show({ picture: changed, letter, probability, wanted, paper }, picture, read) {
    if (!changed) {
      this.#root.replaceChildren();
      this.#sentence.textContent = wanted ? filled(this.#texts.none, { letter: wanted }) : this.#texts.none_at_all;
      return;
    }
    const sign = paper ? -1 : 1;
    const change = Float64Array.from(changed, (value, place) => sign * (value - picture[place]));
    this.#root.replaceChildren(
      figure(filled(this.#texts.before, { letter: read }), ink(picture, paper)),
      figure(this.#texts.change, [...ink(picture, paper, 0.25), ...coloured(change)]),
      figure(filled(this.#texts.after, { letter, percent: percent(probability) }), ink(changed, paper)),
    );
    this.#sentence.textContent = filled(this.#texts.size, { letter, ...sizeOf(change, picture, paper) });
  }
}

function figure(label, content) {
  const [made, caption] = ["figure", "figcaption"].map((tag) => document.createElement(tag));
  const drawn = graphic(label);
  drawn.append(...content);
  caption.textContent = label;
  made.append(drawn, caption);
  return made;
}

/** More ink is for, less against; the strongest change is full. */
function coloured(change) {
  const largest = change.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return squares(change, (value) => (Math.abs(value) / largest) ** 0.7, (value) => (value > 0 ? "for" : "against"));
}

/** How many pixels change, by how much the one that changes most, and the length of it all beside that of the ink. */
function sizeOf(change, picture, paper) {
  const length = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  const shades = Float64Array.from(picture, (value) => value - paper);
  return {
    pixels: whole(change.reduce((count, value) => count + (value !== 0 ? 1 : 0), 0)),
    most: whole(change.reduce((most, value) => Math.max(most, Math.abs(value)), 0)),
    share: percent(length(change) / length(shades)),
  };
}
