/**
 * A frame sampled so that every letter has the same centre and nearly the same spread.
 *
 * The twin of recognizer/core/ink/moments.py.
 */

import { INPUT_SIDE, SIDE, clip, floorDivide } from "./frame.js";

const SPREAD = 18.5; // standard deviation of the ink along the axis where it is larger, after sampling, px of the frame
const MIN_FACTOR = 0.6;
const MAX_FACTOR = 2;
const STEPS = 256; // sample positions are floored to 1/256 px
const POOL = SIDE / INPUT_SIDE;
const WEIGHT = (POOL * STEPS) ** 2; // sum of the weights of the pixels that make one input value

/** Picture (784 bytes), ink = 255, from a frame of 84 rows that has some ink, `width` px wide. */
export function pictureFromFrame(frame, width = SIDE) {
  const { rows, columns } = profiles(frame, width);
  const [y, x] = [moments(rows), moments(columns)];
  const larger = Math.max(x.spread, y.spread);
  const smaller = Math.min(x.spread, y.spread);
  const rowPixels = sampled(y.centre, factorOf(y.spread, larger, smaller), SIDE);
  const columnPixels = sampled(x.centre, factorOf(x.spread, larger, smaller), width);
  return pooled(frame, width, rowPixels, columnPixels);
}

/** Counts of ink pixels in each row and each column. */
function profiles(frame, width) {
  const rows = new Array(SIDE).fill(0);
  const columns = new Array(width).fill(0);
  for (let row = 0, index = 0; row < SIDE; row += 1) {
    for (let column = 0; column < width; column += 1, index += 1) {
      rows[row] += frame[index];
      columns[column] += frame[index];
    }
  }
  return { rows, columns };
}

/** Centre and standard deviation of the ink along one axis. The whole numbers stay below 2³⁹. */
function moments(counts) {
  let [m0, m1, m2] = [0, 0, 0];
  counts.forEach((count, i) => {
    m0 += count;
    m1 += i * count;
    m2 += i * i * count;
  });
  return { centre: m1 / m0, spread: Math.sqrt(m0 * m2 - m1 * m1) / m0 };
}

/** Enlargement along one axis: the larger spread to 18.5 px, the smaller to 18.5·√(smaller/larger). */
function factorOf(spread, larger, smaller) {
  const target = spread >= larger ? SPREAD : SPREAD * Math.sqrt(smaller / Math.max(larger, 1e-9));
  return clip(target / Math.max(spread, 1e-9), MIN_FACTOR, MAX_FACTOR);
}

/** For each of the 28 lines of the input the frame lines that its three bilinear samples touch, and the weight of each. */
function sampled(centre, factor, length) {
  const found = Array.from({ length: INPUT_SIDE }, () => ({ lines: [], weights: [] }));
  for (let i = 0; i < SIDE; i += 1) {
    const position = Math.floor((centre + (i - (SIDE - 1) / 2) / factor) * STEPS);
    const first = floorDivide(position, STEPS);
    const share = position - first * STEPS;
    const { lines, weights } = found[Math.floor(i / POOL)];
    for (const [line, weight] of [[first, STEPS - share], [first + 1, share]]) {
      if (weight && line >= 0 && line < length) {
        lines.push(line);
        weights.push(weight);
      }
    }
  }
  return found;
}

/** Weighted sums along the columns first, then along the rows; all below 2²⁸. */
function pooled(frame, width, rowPixels, columnPixels) {
  const input = new Uint8Array(INPUT_SIDE * INPUT_SIDE);
  const sums = new Int32Array(width);
  rowPixels.forEach((row, index) => {
    if (!row.lines.length) {
      return; // paper
    }
    addRows(sums.fill(0), frame, row);
    for (let place = 0; place < INPUT_SIDE; place += 1) {
      const { lines, weights } = columnPixels[place];
      let sum = 0;
      for (let i = 0; i < lines.length; i += 1) {
        sum += weights[i] * sums[lines[i]];
      }
      input[index * INPUT_SIDE + place] = floorDivide(sum * 255 + WEIGHT / 2, WEIGHT);
    }
  });
  return input;
}

function addRows(sums, frame, { lines, weights }) {
  const width = sums.length;
  for (let i = 0; i < lines.length; i += 1) {
    const [start, weight] = [lines[i] * width, weights[i]];
    for (let x = 0; x < width; x += 1) {
      sums[x] += weight * frame[start + x];
    }
  }
}
