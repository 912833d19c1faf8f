/**
 * Directions of strokes: the gradient of a picture, split into eight directions, each seen through a grid of windows.
 *
 * The twin of recognizer/core/ink/directions.py.
 */

import { INPUT_SIDE as SIDE } from "./frame.js";

/** Of the gradient, which points from paper to ink: to the right, down and right, down, and on around. */
export const DIRECTIONS = 8;

const REACH = 4 * SIDE; // from a window's middle to its edge: two steps of the grid, in pixels · 2 · grid
const WINDOW_SUM = 128; // the weights of a window along one axis add up to this at most
export const UNIT = 64; // weighted sums are divided by this before the root
const AREA = SIDE * SIDE;
const FRAMED = SIDE + 2;
const KEPT = new Map();

/** Input (8 · grid² bytes) from a picture (784 bytes, ink bright). Whole numbers below 2²⁴. */
export function inputFromPicture(picture, grid) {
  const windows = windowsOf(grid);
  const maps = directionsOf(picture);
  const input = new Uint8Array(DIRECTIONS * grid * grid);
  for (let direction = 0; direction < DIRECTIONS; direction += 1) {
    const sums = weighted(maps.subarray(direction * AREA, (direction + 1) * AREA), windows);
    sums.forEach((sum, place) => {
      input[direction * grid * grid + place] = Math.min(255, Math.floor(Math.sqrt(sum / UNIT)));
    });
  }
  return input;
}

/** The eight parts of the gradient, 28×28 each, one after the other. There is paper around the picture. */
function directionsOf(picture) {
  const maps = new Int32Array(DIRECTIONS * AREA);
  const ink = new Uint8Array(FRAMED * FRAMED);
  for (let row = 0; row < SIDE; row += 1) {
    ink.set(picture.subarray(row * SIDE, (row + 1) * SIDE), (row + 1) * FRAMED + 1);
  }
  for (let row = 0; row < SIDE; row += 1) {
    for (let column = 0; column < SIDE; column += 1) {
      const above = row * FRAMED + column;
      const [beside, below] = [above + FRAMED, above + 2 * FRAMED];
      const across = ink[above + 2] + 2 * ink[beside + 2] + ink[below + 2] - ink[above] - 2 * ink[beside] - ink[below];
      const down = ink[below] + 2 * ink[below + 1] + ink[below + 2] - ink[above] - 2 * ink[above + 1] - ink[above + 2];
      if (across || down) {
        split(across, down, maps, row * SIDE + column);
      }
    }
  }
  return maps;
}

/** A vector as a sum of two: along the nearest axis and along the nearest diagonal. */
function split(across, down, maps, place) {
  const [width, height] = [Math.abs(across), Math.abs(down)];
  if (width > height) {
    maps[(across > 0 ? 0 : 4) * AREA + place] = width - height;
  } else if (height > width) {
    maps[(down > 0 ? 2 : 6) * AREA + place] = height - width;
  }
  const diagonal = across > 0 ? (down > 0 ? 1 : 7) : (down > 0 ? 3 : 5);
  maps[diagonal * AREA + place] = Math.min(width, height);
}

/** Sums (grid²) of a map under each window: along the rows first, then along the columns. */
function weighted(map, windows) {
  const grid = windows.length;
  const sums = new Float64Array(grid * grid);
  const line = new Float64Array(SIDE);
  for (let index = 0; index < grid; index += 1) {
    addRows(line.fill(0), map, windows[index]);
    for (let place = 0; place < grid; place += 1) {
      sums[index * grid + place] = productOf(windows[place], line);
    }
  }
  return sums;
}

function addRows(line, map, weights) {
  for (let row = 0; row < SIDE; row += 1) {
    const weight = weights[row];
    for (let column = 0; weight && column < SIDE; column += 1) {
      line[column] += weight * map[row * SIDE + column];
    }
  }
}

function productOf(weights, line) {
  let sum = 0;
  for (let column = 0; column < SIDE; column += 1) {
    sum += weights[column] * line[column];
  }
  return sum;
}

/** For each window along one axis the weights of the 28 pixels. Squares of squares stay below 2³⁵. */
export function windowsOf(grid) {
  if (!KEPT.has(grid)) {
    const windows = Array.from({ length: grid }, (_, place) => {
      const weights = Array.from({ length: SIDE }, (__, pixel) => {
        const distance = (2 * pixel + 1) * grid - (2 * place + 1) * SIDE;
        const height = Math.max(REACH * REACH - distance * distance, 0);
        return height * height;
      });
      const sum = weights.reduce((total, weight) => total + weight, 0);
      return weights.map((weight) => Math.floor((WINDOW_SUM * weight) / sum));
    });
    KEPT.set(grid, windows);
  }
  return KEPT.get(grid);
}
