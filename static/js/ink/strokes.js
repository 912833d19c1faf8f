/** Strokes of a pen, finger or mouse drawn into the frame. The twin of recognizer/core/ink/strokes.py. */

import { EmptyInkError, InkError } from "./errors.js";
import { INK_SIDE, SIDE, THICKNESS, clip, floorDivide } from "./frame.js";

const MAX_POINTS = 10_000;
const MAX_STROKES = 1_000;
const MAX_COORDINATE = 1e6;
const MIN_SIZE = 1e-9; // a drawing no larger than this is a dot
const UNIT = 16; // points are rounded to 1/16 px of the frame
const RADIUS = 76; // half of a stroke's thickness, 4.75 px, in units
const MIN_STEP = 32; // points nearer than 2 px to the one kept before them are left out, in units
const MAX_WORK = 2 ** 18; // pixels tested for one drawing: bounds the time

/**
 * Draw strokes with the frame's pen: the box of their ink centred, its longest side 66 px.
 *
 * Strokes are arrays of points [x, y] or [x, y, t], y down; the time is not used. Returns a frame.
 * @throws {EmptyInkError} There is no point at all.
 * @throws {InkError} A coordinate is not a finite number within ±1,000,000, or there are too many points or lines.
 */
export function frameFromStrokes(strokes) {
  const segments = toUnits(checked(strokes)).flatMap(segmentsOf);
  checkWork(segments);
  const frame = new Uint8Array(SIDE * SIDE);
  for (const [start, end] of segments) {
    drawSegment(frame, start, end);
  }
  return frame;
}

/**
 * The strokes that have points.
 * @throws {EmptyInkError}
 * @throws {InkError}
 */
export function checked(strokes) {
  const kept = gathered(strokes);
  if (!kept.length) {
    throw new EmptyInkError("Nothing is drawn.");
  }
  const isWithin = (value) => Math.abs(value) <= MAX_COORDINATE; // false for what is not a number
  if (!kept.every((stroke) => stroke.every(([x, y]) => isWithin(x) && isWithin(y)))) {
    throw new InkError("Every coordinate is a finite number between ±1,000,000.");
  }
  return kept;
}

function gathered(strokes) {
  check(Array.isArray(strokes));
  const kept = [];
  let points = 0;
  for (const stroke of strokes) {
    check(Array.isArray(stroke));
    points += stroke.length;
    if (points > MAX_POINTS || kept.length >= MAX_STROKES) {
      throw new InkError("The drawing has more than 10,000 points or 1,000 strokes.");
    }
    check(stroke.every((point) => typeof point?.[0] === "number" && typeof point[1] === "number"));
    if (stroke.length) {
      kept.push(stroke);
    }
  }
  return kept;
}

function check(isDrawing) {
  if (!isDrawing) {
    throw new InkError("Strokes are lists of points, and a point is a pair of numbers x, y.");
  }
}

/** Strokes scaled and centred in the frame, points rounded to 1/16 px. */
function toUnits(strokes) {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (const point of strokes.flat()) {
    for (const axis of [0, 1]) {
      low[axis] = Math.min(low[axis], point[axis]);
      high[axis] = Math.max(high[axis], point[axis]);
    }
  }
  const longest = Math.max(high[0] - low[0], high[1] - low[1]);
  const scale = longest > MIN_SIZE ? (INK_SIDE - THICKNESS) / longest : 1;
  const toUnit = (point, axis) =>
    Math.floor(((point[axis] - (low[axis] + high[axis]) / 2) * scale + SIDE / 2) * UNIT + 0.5);
  return strokes.map((stroke) => stroke.map((point) => [toUnit(point, 0), toUnit(point, 1)]));
}

/** Both ends of every segment of a stroke in units; a stroke of one point is a segment without length. */
function segmentsOf(stroke) {
  const kept = thinned(stroke);
  return kept.length === 1 ? [[kept[0], kept[0]]] : kept.slice(1).map((end, index) => [kept[index], end]);
}

/** The first point, the last, and those between that are 2 px from the one kept before. */
function thinned(stroke) {
  const kept = [stroke[0]];
  for (const point of stroke.slice(1, -1)) {
    const x = point[0] - kept.at(-1)[0];
    const y = point[1] - kept.at(-1)[1];
    if (x * x + y * y >= MIN_STEP * MIN_STEP) {
      kept.push(point);
    }
  }
  const last = stroke.at(-1);
  if (last[0] !== kept.at(-1)[0] || last[1] !== kept.at(-1)[1]) {
    kept.push(last);
  }
  return kept;
}

function checkWork(segments) {
  const span = (from, to) => floorDivide(Math.abs(to - from) + 2 * RADIUS, UNIT) + 2;
  let work = 0;
  for (const [[ax, ay], [bx, by]] of segments) {
    work += span(ax, bx) * span(ay, by);
  }
  if (work > MAX_WORK) {
    throw new InkError("The drawing is a scribble of too many long lines.");
  }
}

/** The first and the last pixel of the window around a segment, along one axis. */
function windowOf(from, to) {
  const pixel = (unit) => clip(floorDivide(unit, UNIT), 0, SIDE - 1);
  return [pixel(Math.min(from, to) - RADIUS), pixel(Math.max(from, to) + RADIUS)];
}

/** Ink every pixel whose centre is within RADIUS of a segment. */
function drawSegment(frame, [ax, ay], [bx, by]) {
  const [left, right] = windowOf(ax, bx);
  const [top, bottom] = windowOf(ay, by);
  for (let row = top; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) {
      if (isNear(column * UNIT + UNIT / 2 - ax, row * UNIT + UNIT / 2 - ay, bx - ax, by - ay)) {
        frame[row * SIDE + column] = 1;
      }
    }
  }
}

/** Is the point (px, py) within RADIUS of the segment from (0, 0) to (dx, dy)? All products are below 2⁴⁴. */
function isNear(px, py, dx, dy) {
  const limit = RADIUS * RADIUS;
  const length2 = dx * dx + dy * dy;
  const along = px * dx + py * dy;
  const cross = px * dy - py * dx;
  if (length2 > 0 && along >= 0 && along <= length2 && cross * cross <= limit * length2) {
    return true;
  }
  const ex = px - dx;
  const ey = py - dy;
  return px * px + py * py <= limit || ex * ex + ey * ey <= limit;
}
