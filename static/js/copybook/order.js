/** In which order the elements of a letter were written. */

import { cloudOf } from "./cloud.js";

/**
 * The elements' numbers as they were written: by the middle of the ink that lies nearest to each.
 * @param {number[][][]} elements paths in the letter's box
 * @param {number[][][]} strokes the drawing's strokes where the judge's map has put them
 */
export function orderOf(elements, strokes) {
  const [letter, ink] = [cloudOf(elements), cloudOf(strokes)];
  const sums = elements.map(() => [0, 0]);
  for (let i = 0; i < ink.size; i += 1) {
    let [least, element] = [Infinity, 0];
    for (let j = 0; j < letter.size; j += 1) {
      const distance = (ink.x[i] - letter.x[j]) ** 2 + (ink.y[i] - letter.y[j]) ** 2;
      const across = 100 * (1 - ink.c[i] * letter.c[j] - ink.s[i] * letter.s[j]);
      if (distance + across < least) {
        [least, element] = [distance + across, letter.line[j]];
      }
    }
    sums[element][0] += i;
    sums[element][1] += 1;
  }
  const middles = sums.map(([sum, count]) => (count ? sum / count : Infinity));
  return [...middles.keys()].sort((one, other) => middles[one] - middles[other]);
}
