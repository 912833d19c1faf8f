/**
 * How likely a group of strokes is one letter, and a place between two groups the end of one. The twin of
 * recognizer/core/words/scoring.py, for strokes.
 */

import { BOTTOM, LEFT, RIGHT, TOP } from "./marks.js";

const [LOWEST, MIDDLE, HIGHEST] = [-6, 0, 3]; // where the score of a letter's likeness bends
const LEAST_LOG = -3;
const [WIDE, NARROW, LOW] = [1.1, 0.4, 0.7]; // of the letters' height: what is wider, narrower or lower than most letters are
const [SMALL_GAP, MOST_GAP] = [0.1, 0.5]; // of the letters' height
const OF_GROUPS = [-0.011, 0.861, 1.155, 0.699, -1.056, -0.157, -0.404, -0.558, -0.764];
const OF_CUTS = [0.237, 0.358, 0.761, -0.443];

const clip = (value, low, high) => Math.min(Math.max(value, low), high);
const weighted = (weights, values) => weights.reduce((sum, weight, place) => sum + weight * values[place], 0);

/**
 * The score of each group, that of the cut at its end among it, without its letter's.
 * @param {import("./lattice.js").Lattice} lattice
 * @param {{score: number, most: number}[]} read how like a letter each group is, and the best letter's log-probability
 */
export function groupScores(lattice, read) {
  const cuts = lattice.bounds.map((_, bound) => weighted(OF_CUTS, cutFeatures(lattice, bound)));
  return lattice.groups.map((group, number) => weighted(OF_GROUPS, groupFeatures(lattice, group, read[number])) + cuts[group.end]);
}

function groupFeatures({ marks, gaps }, { first, end, box }, { score, most }) {
  const height = Math.max(marks.height, 1e-9);
  const wide = (box[RIGHT] - box[LEFT]) / height;
  const high = (box[BOTTOM] - box[TOP]) / height;
  const largest = Math.max(0, ...gaps.slice(first + 1, end));
  return [
    1,
    clip(score, LOWEST, MIDDLE),
    clip(score, MIDDLE, HIGHEST),
    Math.max(most, LEAST_LOG),
    Math.max(wide - WIDE, 0),
    Math.max(NARROW - wide, 0),
    Math.max(LOW - high, 0),
    Math.min(largest, MOST_GAP),
    end - first > 1 ? 1 : 0,
  ];
}

/** What is known of a bound between pieces; zeros at both ends, which are no cuts. */
function cutFeatures({ gaps, touching }, bound) {
  if (bound === 0 || bound === gaps.length - 1) {
    return [0, 0, 0, 0];
  }
  const gap = gaps[bound];
  return [clip(gap, 0, SMALL_GAP), clip(gap - SMALL_GAP, 0, MOST_GAP), Math.min(gap, 0), touching[bound] ? 1 : 0];
}
