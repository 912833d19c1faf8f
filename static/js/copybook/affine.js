/** Affine maps [a, b, e, c, d, f]: x' = a x + b y + e, y' = c x + d y + f; and how unlike a person's hand one is. */

import { boxOf, Cloud } from "./cloud.js";

export const IDENTITY = [1, 0, 0, 0, 1, 0];
/** Standard deviations that a hand is expected to have, of the logarithms of size and width to height, … */
const SIZE = 0.15;
const ASPECT = 0.25;
const SLANT = 0.3;
const TURN = 0.15; // radians
const PLACE = 10; // hundredths of the box; who writes elsewhere may be anywhere
const NARROW = 15; // a box narrower than this says nothing of the scale along this axis

/** A cloud where the map puts it. */
export function mapped(cloud, [a, b, e, c, d, f]) {
  const moved = new Cloud(cloud.size);
  for (let i = 0; i < cloud.size; i += 1) {
    const [x, y] = [cloud.x[i], cloud.y[i]];
    moved.x[i] = a * x + b * y + e;
    moved.y[i] = c * x + d * y + f;
    turn(moved, i, [a, b, c, d], Math.atan2(cloud.s[i], cloud.c[i]) / 2, cloud.c[i] === 0 && cloud.s[i] === 0);
  }
  moved.weight.set(cloud.weight);
  moved.line.set(cloud.line);
  return moved;
}

/** The direction at a point after the map; a dot has none. */
function turn(moved, i, [a, b, c, d], angle, isDot) {
  if (isDot) {
    return;
  }
  const [x, y] = [Math.cos(angle), Math.sin(angle)];
  const [dx, dy] = [a * x + b * y, c * x + d * y];
  const square = Math.max(dx * dx + dy * dy, 1e-12);
  moved.c[i] = (dx * dx - dy * dy) / square;
  moved.s[i] = (2 * dx * dy) / square;
}

/** The middle of a cloud. */
export function middleOf(cloud) {
  const [sum, x, y] = [0, 1, 2].map((part) =>
    cloud.weight.reduce((all, weight, i) => all + weight * [1, cloud.x[i], cloud.y[i]][part], 0));
  return [x / sum, y / sum];
}

/** The map that pushes one cloud's middle to another's. */
export function pushMap(from, to) {
  const [[x, y], [toX, toY]] = [middleOf(from), middleOf(to)];
  return [1, 0, toX - x, 0, 1, toY - y];
}

/** The map that puts one cloud's box on another's. */
export function boxMap(from, to) {
  const [left, top, right, bottom] = boxOf(from);
  const [toLeft, toTop, toRight, toBottom] = boxOf(to);
  const sizes = [right - left, bottom - top, toRight - toLeft, toBottom - toTop];
  const whole = Math.max(sizes[2], sizes[3]) / Math.max(sizes[0], sizes[1], 1);
  const scale = (size, wanted) => (size > NARROW && wanted > NARROW ? clamp(wanted / size, whole / 2, whole * 2) : whole);
  const [sx, sy] = [scale(sizes[0], sizes[2]), scale(sizes[1], sizes[3])];
  return [sx, 0, (toLeft + toRight) / 2 - (sx * (left + right)) / 2, 0, sy, (toTop + toBottom) / 2 - (sy * (top + bottom)) / 2];
}

/**
 * The map that gives one cloud the other's middle, spreads and slant, without turning it: rows stay rows, so that a letter
 * that leans is set upright at once.
 */
export function momentMap(from, to) {
  const [one, other] = [momentsOf(from), momentsOf(to)];
  const whole = Math.max(other.height, other.width) / Math.max(one.height, one.width, 1);
  const scale = (size, wanted) => (Math.min(size, wanted) > NARROW / 4 ? clamp(wanted / size, whole / 2, whole * 2) : whole);
  const [sx, sy] = [scale(one.width, other.width), scale(one.height, other.height)];
  const lean = other.lean * sy - sx * one.lean;
  return [sx, lean, other.x - sx * one.x - lean * one.y, 0, sy, other.y - sy * one.y];
}

/** Middle (x, y), spread in height, how x grows with y, and spread in width beside that. */
function momentsOf(cloud) {
  const [x, y] = middleOf(cloud);
  const sums = [0, 0, 0, 0];
  for (let i = 0; i < cloud.size; i += 1) {
    const [dx, dy, weight] = [cloud.x[i] - x, cloud.y[i] - y, cloud.weight[i]];
    [dx * dx, dx * dy, dy * dy, 1].forEach((value, part) => {
      sums[part] += weight * value;
    });
  }
  const [xx, xy, yy] = sums.map((sum) => sum / sums[3]);
  const height = Math.sqrt(yy);
  const lean = height > NARROW / 4 ? xy / yy : 0;
  return { x, y, height, lean, width: Math.sqrt(Math.max(xx - lean * xy, 0)) };
}

function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

/** One map after another. */
export function composed([a, b, e, c, d, f], [a1, b1, e1, c1, d1, f1]) {
  return [
    a * a1 + b * c1, a * b1 + b * d1, a * e1 + b * f1 + e,
    c * a1 + d * c1, c * b1 + d * d1, c * e1 + d * f1 + f,
  ];
}

/** Minus the logarithm of how likely a hand writes so; `x`, `y`: the middle of what it writes; infinite for a mirror image. */
export function unlikeness([a, b, e, c, d, f], [x, y] = [40, 50]) {
  const width = Math.hypot(a, c);
  const determinant = a * d - b * c;
  if (determinant <= 1e-6) {
    return Infinity;
  }
  const height = determinant / width;
  const seldom = surprise(Math.log(width * height) / 2 / SIZE) + surprise(Math.log(width / height) / ASPECT);
  const parts = [
    (a * b + c * d) / (width * width) / SLANT,
    Math.atan2(c, a) / TURN,
  ];
  const away = ((a * x + b * y + e - x) ** 2 + (c * x + d * y + f - y) ** 2) / (2 * PLACE * PLACE);
  return parts.reduce((sum, part) => sum + (part * part) / 2, seldom + 6 * Math.log1p(away));
}

/** As half the square near zero, but who writes otherwise may write quite otherwise: Student's distribution. */
function surprise(deviation) {
  return 6 * Math.log1p((deviation * deviation) / 12);
}

/**
 * The map near to the identity that brings points to their partners, by weighted least squares.
 * `pairs`: [x, y, X, Y, weight].
 */
export function fitted(pairs, firmness) {
  const middle = 50;
  const sums = [firmness * 2500, 0, 0, firmness * 2500, 0, firmness]; // xx, xy, x, yy, y, 1
  const right = [firmness * 2500, 0, 0, 0, firmness * 2500, 0]; // xX, yX, X, xY, yY, Y
  for (const [px, py, tx, ty, weight] of pairs) {
    const [x, y, X, Y] = [px - middle, py - middle, tx - middle, ty - middle];
    sums[0] += weight * x * x;
    sums[1] += weight * x * y;
    sums[2] += weight * x;
    sums[3] += weight * y * y;
    sums[4] += weight * y;
    sums[5] += weight;
    right[0] += weight * x * X;
    right[1] += weight * y * X;
    right[2] += weight * X;
    right[3] += weight * x * Y;
    right[4] += weight * y * Y;
    right[5] += weight * Y;
  }
  const [a, b, e] = solved(sums, right.slice(0, 3));
  const [c, d, f] = solved(sums, right.slice(3));
  return [a, b, e + middle - (a + b) * middle, c, d, f + middle - (c + d) * middle];
}

/** The solution of a symmetric system of three equations, by Cramer's rule. */
function solved([xx, xy, x, yy, y, one], [p, q, r]) {
  const minors = [yy * one - y * y, xy * one - x * y, xy * y - x * yy, xx * one - x * x, xx * y - x * xy, xx * yy - xy * xy];
  const determinant = xx * minors[0] - xy * minors[1] + x * minors[2];
  return [
    (p * minors[0] - q * minors[1] + r * minors[2]) / determinant,
    (-p * minors[1] + q * minors[3] - r * minors[4]) / determinant,
    (p * minors[2] - q * minors[4] + r * minors[5]) / determinant,
  ];
}
