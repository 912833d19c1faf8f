/**
 * Frames sheared until their letters stand nearly upright.
 *
 * The twin of recognizer/core/ink/slant.py.
 */

import { SIDE, clip } from "./frame.js";

const MARGIN = 16; // columns that a sheared frame has more than a frame on either side, px
const STEEPEST = 0.5; // largest shear, px along a row for each row

/** Width of a sheared frame, px. */
export const UPRIGHT_WIDTH = SIDE + 2 * MARGIN;

/** A frame that has some ink with each row moved by whole pixels: 84 rows of 116. */
export function upright(frame) {
  const { slope, middle } = slopeOf(frame);
  const sheared = new Uint8Array(SIDE * UPRIGHT_WIDTH);
  for (let row = 0; row < SIDE; row += 1) {
    const shift = Math.floor(slope * (row - middle) + 0.5) - MARGIN;
    const [first, end] = [Math.max(shift, 0), Math.min(shift + UPRIGHT_WIDTH, SIDE)];
    if (first < end) {
      sheared.set(frame.subarray(row * SIDE + first, row * SIDE + end), row * UPRIGHT_WIDTH + first - shift);
    }
  }
  return sheared;
}

/** What to shear by, columns a row, and the middle row of the ink, which stays in place. Sums stay below 2⁴⁰. */
function slopeOf(frame) {
  let [m0, down, across, squares, products] = [0, 0, 0, 0, 0];
  for (let row = 0; row < SIDE; row += 1) {
    let [inked, columns] = [0, 0];
    for (let column = 0; column < SIDE; column += 1) {
      const ink = frame[row * SIDE + column];
      inked += ink;
      columns += ink * column;
    }
    m0 += inked;
    down += row * inked;
    across += columns;
    squares += row * row * inked;
    products += row * columns;
  }
  const spread = m0 * squares - down * down;
  const lean = m0 * products - down * across;
  const slope = lean / (2 * Math.max(spread, 1)); // half of the slant
  return { slope: clip(slope, -STEEPEST, STEEPEST), middle: down / m0 };
}
