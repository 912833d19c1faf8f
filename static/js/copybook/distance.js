/** How far a drawing is from a letter: clouds matched to each other both ways, and what brings them nearest. */

import { composed, fitted, mapped, unlikeness } from "./affine.js";
import { Cloud } from "./cloud.js";

const SPREAD = 5; // hundredths of the box: what a careful hand is away from the letter
const DIRECTION = 14; // a line across another is as far away as this
export const WORST = 9; // squared, in spreads: farther than three spreads is as bad as it gets
const FIRMNESS = 3; // how strongly a step of the fit stays near what it was
const AT_HOME = 10; // how strongly an element stays at its place, beside the weight of its points
export const SHIFT = 4; // hundredths of the box: what an element as a whole is away from its place

/** For each point of a cloud its nearest in another: {index, cost}, the cost in squared spreads, at most `WORST`. */
export function nearest(from, to) {
  const index = new Int32Array(from.size);
  const cost = new Float64Array(from.size).fill(WORST);
  const turn = (DIRECTION * DIRECTION) / 2;
  const most = WORST * SPREAD * SPREAD;
  for (let i = 0; i < from.size; i += 1) {
    const [x, y, c, s] = [from.x[i], from.y[i], from.c[i], from.s[i]];
    const isDot = c === 0 && s === 0;
    let [least, at] = [Infinity, -1];
    for (let j = 0; j < to.size; j += 1) {
      const [dx, dy] = [x - to.x[j], y - to.y[j]];
      let distance = dx * dx + dy * dy;
      if (distance < least && !isDot && (to.c[j] !== 0 || to.s[j] !== 0)) {
        distance += turn * (1 - c * to.c[j] - s * to.s[j]);
      }
      if (distance < least) {
        [least, at] = [distance, j];
      }
    }
    index[i] = at;
    cost[i] = Math.min(least, most) / (SPREAD * SPREAD);
  }
  return { index, cost };
}

/** The letter with each element shifted: `shifts` has [x, y] by the element's number. */
export function shifted(letter, shifts) {
  const moved = new Cloud(letter.size);
  for (const name of ["c", "s", "weight", "line"]) {
    moved[name].set(letter[name]);
  }
  for (let i = 0; i < letter.size; i += 1) {
    const [dx, dy] = shifts[letter.line[i]] ?? [0, 0];
    moved.x[i] = letter.x[i] + dx;
    moved.y[i] = letter.y[i] + dy;
  }
  return moved;
}

/** Weighted sum of costs. */
export function total({ cost }, cloud) {
  let sum = 0;
  for (let i = 0; i < cloud.size; i += 1) {
    sum += cloud.weight[i] * cost[i];
  }
  return sum;
}

/**
 * Bring a drawing and a letter nearer to each other, `steps` times: the drawing by a map, and, where `shifts` are given,
 * each element by a shift of its own; the element `loose` may go anywhere. What is too far away does not pull.
 * Returns {map, shifts, ink, letter, toLetter, toInk}: where both lie then, and both matchings.
 */
export function approach(drawing, letter, { map, shifts }, steps, loose = -1) {
  let [ink, target] = [mapped(drawing, map), shifts ? shifted(letter, shifts) : letter];
  let matching = matched(ink, target);
  for (let step = 0; step < steps; step += 1) {
    const pairs = pairsOf(ink, target, matching);
    const next = composed(fitted(pairs, FIRMNESS), map);
    if (!Number.isFinite(unlikeness(next))) {
      break;
    }
    map = next;
    ink = mapped(drawing, map);
    if (shifts) {
      shifts = pulled(shifts, movedPairs(pairs, ink), loose);
      target = shifted(letter, shifts);
    }
    matching = matched(ink, target);
  }
  return { map, shifts, ink, letter: target, ...matching };
}

function matched(ink, letter) {
  return { toLetter: nearest(ink, letter), toInk: nearest(letter, ink) };
}

/** Pairs [x, y, X, Y, weight, element, i] of the drawing's points and the letter's. */
function pairsOf(ink, letter, { toLetter, toInk }) {
  const pairs = [];
  for (let i = 0; i < ink.size; i += 1) {
    const j = toLetter.index[i];
    pairs.push([ink.x[i], ink.y[i], letter.x[j], letter.y[j], ink.weight[i] * pull(toLetter.cost[i]), letter.line[j], i]);
  }
  for (let j = 0; j < letter.size; j += 1) {
    const i = toInk.index[j];
    pairs.push([ink.x[i], ink.y[i], letter.x[j], letter.y[j], letter.weight[j] * pull(toInk.cost[j]), letter.line[j], i]);
  }
  return pairs;
}

/** The same pairs where the drawing lies now. */
function movedPairs(pairs, ink) {
  return pairs.map(([, , ...rest]) => [ink.x[rest.at(-1)], ink.y[rest.at(-1)], ...rest]);
}

/** Less and less pull the farther away, a little even from afar. */
function pull(cost) {
  const share = 1 - cost / WORST;
  return Math.max(share * share, 0.02);
}

/** Shifts that bring elements to their ink. */
function pulled(shifts, pairs, loose) {
  const sums = shifts.map(() => [0, 0, 0]);
  for (const [x, y, X, Y, weight, element] of pairs) {
    const sum = sums[element];
    sum[0] += weight * (x - X);
    sum[1] += weight * (y - Y);
    sum[2] += weight;
  }
  return shifts.map(([dx, dy], element) => {
    const [x, y, weight] = sums[element];
    if (weight === 0) {
      return [dx, dy];
    }
    const share = element === loose ? 1 : weight / (weight + AT_HOME);
    return [share * (dx + x / weight), share * (dy + y / weight)];
  });
}
