/**
 * The 84×84 frame that strokes and pictures are brought into before they become an input.
 *
 * A mask is {width, height, data}: a Uint8Array row by row, 1 = ink, 0 = paper. A frame is the data of an 84×84 mask.
 * The twin of recognizer/core/ink/frame.py; docs/ink.md says every step.
 */

/** Side of the frame, px. */
export const SIDE = 84;
/** Longest side of the box of the ink in the frame, px. */
export const INK_SIDE = 66;
/** Thickness that thinner strokes are given in the frame, px. */
export const THICKNESS = 9.5;
/** Side of the input, px. */
export const INPUT_SIDE = 28;

/** The quotient of whole numbers rounded down, as Python's `//`; exact below 2⁵³. */
export function floorDivide(value, divisor) {
  return Math.floor(value / divisor);
}

/** A value brought between two bounds. */
export function clip(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
