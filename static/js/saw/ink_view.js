/** Which ink speaks for a letter and which against it, drawn over the picture, and in words. */

import { filled, percent, signed } from "./numbers.js";
import { graphic, ink, squares } from "./svg.js";

const SIDE = 28;
const GAMMA = 0.7; // of the colours' strength, so that little is seen, too
const KERNEL = [[-1, 1], [0, 2], [1, 1]]; // colours are averaged over neighbours with these weights along each axis
const THIRDS = 3;

export class InkView {
  #root;
  #texts;

  /** `texts`: {why, why_not, speaks, places, adds} in the page's language. */
  constructor(root, texts) {
    this.#root = root;
    this.#texts = texts;
  }

  /** @param {{read: object, other: ?object, paper: number}} told the contributions of ink, of one letter or two */
  show({ read, other, paper }, picture) {
    const figures = [this.#figure(this.#texts.why, read, paper, picture)];
    if (other) {
      figures.push(this.#figure(this.#texts.why_not, other, paper, picture));
    }
    this.#root.replaceChildren(...figures);
  }

  #figure(title, told, paper, picture) {
    const { letter, parts, odds, blank } = told;
    const [figure, caption, sentence, sums] = ["figure", "figcaption", "p", "p"].map((tag) => document.createElement(tag));
    caption.textContent = filled(title, { letter });
    const words = this.#words(parts);
    const drawn = graphic(`${caption.textContent} ${words}`);
    drawn.append(...ink(picture, paper, 0.25), ...coloured(parts, picture, paper));
    sentence.textContent = words;
    sums.className = "muted";
    const [gained, lost] = [1, -1].map((sign) => parts.reduce((sum, part) => sum + Math.max(0, sign * part), 0));
    sums.textContent = filled(this.#texts.adds, { blank: signed(blank), gained: signed(gained), lost: signed(-lost), odds: signed(odds) });
    figure.append(caption, drawn, sentence, sums);
    return figure;
  }

  /** Where most of what speaks for the letter is, and most of what speaks against it. */
  #words(parts) {
    const all = parts.reduce((sum, part) => sum + Math.abs(part), 0) || 1;
    const [pro, contra] = [1, -1].map((sign) => {
      const sums = new Array(THIRDS * THIRDS).fill(0);
      parts.forEach((part, place) => {
        sums[ninth(place)] += Math.max(0, sign * part);
      });
      return { share: sums.reduce((sum, each) => sum + each, 0) / all, where: this.#texts.places[sums.indexOf(Math.max(...sums))] };
    });
    return filled(this.#texts.speaks, { pro: percent(pro.share), where_pro: pro.where, contra: percent(contra.share), where_contra: contra.where });
  }
}

/** Which of nine parts of the picture a pixel is in, row by row. */
function ninth(place) {
  const third = (position) => Math.min(THIRDS - 1, Math.floor((position * THIRDS) / SIDE));
  return third(Math.floor(place / SIDE)) * THIRDS + third(place % SIDE);
}

function coloured(parts, picture, paper) {
  const smooth = smoothed(parts);
  const largest = smooth.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
  const strength = (value, place) => (picture[place] === paper ? 0 : (Math.abs(value) / largest) ** GAMMA);
  return squares(smooth, strength, (value) => (value > 0 ? "for" : "against"));
}

/** Each pixel the weighted mean of itself and its neighbours. */
function smoothed(values) {
  const along = (source, step, inLine) => source.map((_, place) =>
    KERNEL.reduce((sum, [offset, weight]) => {
      const position = inLine(place) + offset;
      return sum + (position >= 0 && position < SIDE ? (weight * source[place + offset * step]) / 4 : 0);
    }, 0));
  return along(along(values, 1, (place) => place % SIDE), SIDE, (place) => Math.floor(place / SIDE));
}
