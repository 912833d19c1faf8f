/**
 * Pictures of any size, polarity and contrast made into masks of ink. The twin of recognizer/core/ink/pictures.py.
 *
 * A picture is {width, height, data} with the bytes red, green, blue, alpha of each pixel, as ImageData has them.
 */

import { InkError } from "./errors.js";
import { floorDivide } from "./frame.js";

const MAX_PIXELS = 2 ** 24; // of the largest picture that is read
const MIN_CONTRAST = 12; // ink and paper differ by at least this many greys of 255; less is noise on an empty sheet
const OPAQUE = 255;

/**
 * The picture itself.
 * @throws {InkError} It is not an array of pixels.
 */
export function checked(picture) {
  const { width, height, data } = picture ?? {};
  if (!(data instanceof Uint8ClampedArray || data instanceof Uint8Array) || data.length !== 4 * width * height) {
    throw new InkError("A picture is an array of 8-bit greys or colours.");
  }
  if (!data.length || width * height > MAX_PIXELS) {
    throw new InkError("A picture has between 1 and 16,777,216 pixels.");
  }
  return picture;
}

/** Greys of a picture, transparency laid on paper. */
export function toGreys({ data }) {
  const greys = new Uint8Array(data.length / 4);
  const alpha = new Uint8Array(data.length / 4);
  for (let i = 0; i < greys.length; i += 1) {
    greys[i] = (77 * data[4 * i] + 150 * data[4 * i + 1] + 29 * data[4 * i + 2] + 128) >> 8;
    alpha[i] = data[4 * i + 3];
  }
  return alpha.every((value) => value === OPAQUE) ? greys : onPaper(greys, alpha);
}

/**
 * A picture with transparency laid on paper.
 *
 * Where most of it is transparent, or all that is seen has one tone, the alpha channel is the ink, whatever its colour.
 * Otherwise it is a card with transparent edges, laid on its own commonest side: light on white, dark on black.
 */
function onPaper(greys, alpha) {
  const seen = greys.filter((_, index) => alpha[index] >= 128).sort();
  if (2 * seen.length < greys.length || seen.at(-1) - seen[0] < MIN_CONTRAST) {
    return alpha.map((value) => 255 - value);
  }
  const last = seen.length - 1;
  const median = (seen[last >> 1] + seen[(last + 1) >> 1]) / 2;
  const paper = median >= 128 ? 255 : 0;
  return greys.map((grey, index) => floorDivide(grey * alpha[index] + paper * (255 - alpha[index]) + 127, 255));
}

/**
 * The mask of the ink in greys; empty where paper and ink differ too little.
 *
 * The paper's level is the median of a band along the border. The ink is on that side, darker or lighter, whose extreme
 * is farther from it. The threshold is half-way between the paper and the mean of the ink.
 */
export function toMask(greys, width, height) {
  const rank = 1 + floorDivide(width * height, 4096);
  const histogram = histogramOf(greys);
  const paper = borderMedian(greys, width, height);
  const dark = ranked(histogram, rank);
  const inverted = [...histogram].reverse();
  const light = 255 - ranked(inverted, rank);
  const isLight = light - paper > paper - dark;
  const threshold = isLight
    ? thresholdOf(inverted, 255 - paper, 255 - light)
    : thresholdOf(histogram, paper, dark);
  return { width, height, data: greys.map((grey) => ((isLight ? 255 - grey : grey) < threshold ? 1 : 0)) };
}

function histogramOf(greys) {
  const histogram = new Array(256).fill(0);
  for (const grey of greys) {
    histogram[grey] += 1;
  }
  return histogram;
}

/** The rank-th darkest grey of a histogram. */
function ranked(histogram, rank) {
  let before = 0;
  return histogram.findIndex((count) => (before += count) >= rank);
}

/** Lower median of a band along the border, one sixteenth of the shorter side wide; corners count twice. */
function borderMedian(greys, width, height) {
  const band = Math.max(1, floorDivide(Math.min(width, height), 16));
  const histogram = new Array(256).fill(0);
  let total = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const times = isEdge(y, height, band) + isEdge(x, width, band);
      histogram[greys[y * width + x]] += times;
      total += times;
    }
  }
  return ranked(histogram, floorDivide(total - 1, 2) + 1);
}

/** 1 for a line of the band at one of the ends, else 0. */
function isEdge(line, length, band) {
  return line < band || line >= length - band ? 1 : 0;
}

/** The lowest grey that is paper: half-way between paper and the mean of all beyond their middle; 0 is no ink. */
function thresholdOf(histogram, paper, ink) {
  if (paper - ink < MIN_CONTRAST) {
    return 0;
  }
  const half = floorDivide(paper + ink + 1, 2);
  let [sum, count] = [0, 0];
  for (let grey = 0; grey < half; grey += 1) {
    sum += grey * histogram[grey];
    count += histogram[grey];
  }
  return floorDivide(paper + floorDivide(sum, count) + 1, 2);
}
