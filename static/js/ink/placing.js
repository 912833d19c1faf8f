/**
 * Masks of any size brought into the frame: box of the ink to 66 px, strokes to the frame's thickness.
 *
 * The twin of recognizer/core/ink/placing.py.
 */

import { INK_SIDE, SIDE, THICKNESS, clip } from "./frame.js";
import { thickness, withoutSpecks } from "./pen.js";

const LARGEST = 100; // px; a larger mask is first reduced by a whole number
const MAX_DILATION = 5; // radius of the largest disc that ink is grown by, px

/** Frame of a mask that has some ink. */
export function frameFromMask(mask) {
  const small = Math.max(mask.width, mask.height) > LARGEST ? reduced(mask) : mask;
  const pen = thickness(small);
  const cleaned = withoutSpecks(small, pen);
  const { left, right, top, bottom } = box(cleaned);
  const longest = Math.max(bottom - top, right - left);
  const scale = Math.min((INK_SIDE - THICKNESS) / Math.max(longest - pen, 1e-9), INK_SIDE / longest);
  const frame = sampled(cleaned, sources(top, bottom, scale), sources(left, right, scale));
  // Reduced by a factor, a line covers more pixels than its share: on average 1 - scale more.
  const drawn = pen * scale + Math.max(0, 1 - scale);
  return dilated(frame, (THICKNESS - drawn) / 2);
}

/** First line with ink and the one after the last, along both axes. */
function box({ width, height, data }) {
  const found = { left: width, right: 0, top: height, bottom: 0 };
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (data[y * width + x]) {
        found.left = Math.min(found.left, x);
        found.right = Math.max(found.right, x + 1);
        found.top = Math.min(found.top, y);
        found.bottom = y + 1;
      }
    }
  }
  return found;
}

/** The box of a mask, reduced to at most 100 px: a pixel is ink if any that it stands for is. */
function reduced(mask) {
  const { left, right, top, bottom } = box(mask);
  const step = Math.ceil(Math.max(right - left, bottom - top) / LARGEST);
  const width = Math.ceil((right - left) / step);
  const height = Math.ceil((bottom - top) / step);
  const data = new Uint8Array(width * height);
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      data[Math.floor((y - top) / step) * width + Math.floor((x - left) / step)] |= mask.data[y * mask.width + x];
    }
  }
  return { width, height, data };
}

/** For each frame line the lines of the picture that it takes its ink from, between `low` and `high` - 1. */
function sources(low, high, scale) {
  const start = (line) => Math.floor((low + high) / 2 + (line - SIDE / 2) / scale);
  return Array.from({ length: SIDE }, (_, line) => {
    const lines = [];
    for (let source = start(line); source <= Math.max(start(line), start(line + 1) - 1); source += 1) {
      lines.push(source);
    }
    return lines.filter((source) => source >= low && source < high);
  });
}

/** Each frame pixel is ink if any of its source pixels is. */
function sampled({ width, data }, rows, columns) {
  const frame = new Uint8Array(SIDE * SIDE);
  rows.forEach((lines, y) => {
    columns.forEach((places, x) => {
      frame[y * SIDE + x] = lines.some((line) => places.some((place) => data[line * width + place])) ? 1 : 0;
    });
  });
  return frame;
}

/** A frame with the ink grown by a disc: to squared distances, in whole pixels, of at most (radius + 1/2)². */
function dilated(frame, radius) {
  const reach = clip(radius, 0, MAX_DILATION) + 0.5;
  if (reach < 1) {
    return frame;
  }
  const grown = new Uint8Array(SIDE * SIDE);
  const halves = halfWidths(Math.floor(reach * reach));
  frame.forEach((ink, index) => {
    if (ink) {
      stamp(grown, index % SIDE, Math.floor(index / SIDE), halves);
    }
  });
  return grown;
}

/** Half of the width of a disc in each row from its middle on, for a squared radius. */
function halfWidths(limit) {
  const halves = [];
  for (let dy = 0; dy * dy <= limit; dy += 1) {
    halves.push(Math.floor(Math.sqrt(limit - dy * dy)));
  }
  return halves;
}

/** Ink a disc around (x, y), as far as it is within the frame. */
function stamp(frame, x, y, halves) {
  for (let dy = 1 - halves.length; dy < halves.length; dy += 1) {
    const half = halves[Math.abs(dy)];
    if (y + dy >= 0 && y + dy < SIDE) {
      const row = (y + dy) * SIDE;
      frame.fill(1, row + Math.max(x - half, 0), row + Math.min(x + half, SIDE - 1) + 1);
    }
  }
}
