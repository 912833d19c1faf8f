/**
 * Which ink speaks for a letter and which against it: gradient × input, the gradient averaged on the way from blank paper
 * to the drawing (integrated gradients: Sundararajan, Taly, Yan, ICML 2017, arXiv 1703.01365). With it the parts add up
 * to what the ink changes; docs/decisions has what was measured against the gradient at the drawing alone.
 */

import { oddsOf } from "./odds.js";

const STEPS = 32; // pictures on the way

/**
 * @param {import("./pictured_network.js").PicturedNetwork} network
 * @param {Uint8Array} picture 784 bytes
 * @param {number} letter by its index
 * @returns {{parts: Float64Array, odds: number, blank: number}} of each pixel, in units of ln p / (1 − p), what it adds to
 *   the odds of the letter; the odds with the drawing, and those of blank paper. The parts add up to their difference.
 */
export function contributions(network, picture, letter) {
  const { paper, doubt: { temperature } } = network;
  const parts = new Float64Array(picture.length);
  const odds = (shown) => oddsOf(shown.logits, letter, temperature);
  for (let step = 0; step < STEPS; step += 1) {
    const way = (step + 0.5) / STEPS; // squared: directions grow with the root of the ink, steeply at its beginning
    const shown = network.forward(Float64Array.from(picture, (value) => paper + way * way * (value - paper)));
    const gradient = network.backward(shown, odds(shown).error);
    parts.forEach((sum, pixel) => {
      parts[pixel] = sum + ((2 * way) / STEPS) * gradient[pixel] * (picture[pixel] - paper);
    });
  }
  const blank = network.forward(new Float64Array(picture.length).fill(paper));
  return { parts, odds: odds(network.forward(Float64Array.from(picture))).odds, blank: odds(blank).odds };
}
