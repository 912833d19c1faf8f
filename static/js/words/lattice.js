/** All plausible ways to cut the marks of a word into letters. The twin of recognizer/core/words/lattice.py. */

import { LEFT, RIGHT, around, holds } from "./marks.js";

const MOST_OVERLAP = 0.35; // of the letters' height: what overlaps more is not cut apart
const MOST_PIECES = 10; // of a letter
const MOST_WIDTH = 1.8; // of a letter, in heights of letters; one piece may be wider

/**
 * @typedef {object} Lattice
 * @property {object} marks of the word, as `marksOf` gives them
 * @property {number[]} bounds where each piece begins among the marks, and the end
 * @property {number[]} gaps from what is left of a bound to what is right of it, in heights; 0 at both ends
 * @property {boolean[]} touching whether a mark left of a bound touches one right of it
 * @property {{first: number, end: number, box: number[], members: number[]}[]} groups by their ends, then from the nearest
 *   first piece on; `members`: numbers of their strokes
 */

/**
 * Cut marks in all plausible ways, and where a person said so.
 * @param {import("./marks.js").Mends} mends
 * @returns {Lattice}
 */
export function latticeOf(marks, { apart }) {
  const height = Math.max(marks.height, 1e-9);
  const { boxes } = marks;
  const reached = boxes.map((_, place) => Math.max(...boxes.slice(0, place + 1).map((box) => box[RIGHT])));
  const begun = boxes.map((_, place) => Math.min(...boxes.slice(place).map((box) => box[LEFT])));
  const bounds = [0];
  const gaps = [0];
  for (let place = 1; place < boxes.length; place += 1) {
    const gap = (begun[place] - reached[place - 1]) / height;
    if (gap >= -MOST_OVERLAP || apart.some((strokes) => isWithin(marks, place, strokes))) {
      bounds.push(place);
      gaps.push(gap);
    }
  }
  bounds.push(boxes.length);
  gaps.push(0);
  const touching = bounds.map((bound) => marks.touching.slice(0, bound).some((row) => row.slice(bound).includes(true)));
  return { marks, bounds, gaps, touching, groups: uncut(groupsOf(marks, bounds, MOST_WIDTH * height), apart) };
}

/** Whether a place between marks has marks of these strokes on both sides. */
function isWithin({ members }, place, strokes) {
  const has = (mark) => mark.some((member) => strokes.includes(member));
  return members.slice(0, place).some(has) && members.slice(place).some(has);
}

/** Each group that is not too wide. */
function groupsOf({ boxes, members }, bounds, widest) {
  const found = [];
  for (let end = 1; end < bounds.length; end += 1) {
    for (let first = end - 1; first >= Math.max(0, end - MOST_PIECES); first -= 1) {
      const box = around(boxes.slice(bounds[first], bounds[end]));
      if (first === end - 1 || box[RIGHT] - box[LEFT] <= widest) {
        found.push({ first, end, box, members: members.slice(bounds[first], bounds[end]).flat() });
      }
    }
  }
  return found;
}

/**
 * Groups without those that a person said to be no letter: all of strokes that are several, or some of them with others. A
 * piece stays, since nothing is to be cut in it.
 */
function uncut(groups, apart) {
  const isPart = (members, strokes) => members.length < strokes.length && holds(strokes, members);
  const isCut = (members, strokes) => !members.some((member) => strokes.includes(member)) || isPart(members, strokes);
  return groups.filter(({ first, end, members }) => first === end - 1 || apart.every((strokes) => isCut(members, strokes)));
}
