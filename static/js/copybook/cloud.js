/**
 * Ink as a cloud of points, each with the direction of its line, after the $P family: strokes are no longer in order, and
 * a line drawn the other way is the same line.
 *
 * R.-D. Vatavu, L. Anthony, J. O. Wobbrock: Gestures as point clouds, a $P recognizer, ICMI 2012; the line's direction
 * beside the place, and several points matched to one: R.-D. Vatavu: Improving gesture recognition accuracy on touch
 * screens for users with low vision ($P+), CHI 2017. Lengths are hundredths of the letter's box.
 */

export const SPACING = 7;
const LEAST_WEIGHT = 24; // a dot counts as much as a line of this length
const DOT = 18; // a line shorter than this has no direction

/** A cloud: for each point place (x, y), doubled direction (c, s), weight and the number of its line. */
export class Cloud {
  constructor(size) {
    this.size = size;
    for (const name of ["x", "y", "c", "s", "weight", "line"]) {
      this[name] = new Float64Array(size);
    }
  }

  /** The points for which `keep(index)` holds. */
  filter(keep) {
    const kept = [...Array(this.size).keys()].filter(keep);
    const cloud = new Cloud(kept.length);
    kept.forEach((from, to) => {
      for (const name of ["x", "y", "c", "s", "weight", "line"]) {
        cloud[name][to] = this[name][from];
      }
    });
    return cloud;
  }
}

/** The length of a line of points [x, y]. */
export function lengthOf(line) {
  let length = 0;
  for (let i = 1; i < line.length; i += 1) {
    length += Math.hypot(line[i][0] - line[i - 1][0], line[i][1] - line[i - 1][1]);
  }
  return length;
}

/** Points at equal distances along a line, two at least, both ends among them. */
export function evenly(line, spacing = SPACING) {
  const length = lengthOf(line);
  const count = Math.max(2, Math.round(length / spacing) + 1);
  const points = [line[0].slice(0, 2)];
  let [passed, next] = [0, length / (count - 1)];
  for (let i = 1; i < line.length && points.length < count - 1; i += 1) {
    const [[ax, ay], [bx, by]] = [line[i - 1], line[i]];
    const step = Math.hypot(bx - ax, by - ay);
    while (step > 0 && passed + step >= next && points.length < count - 1) {
      const share = (next - passed) / step;
      points.push([ax + share * (bx - ax), ay + share * (by - ay)]);
      next += length / (count - 1);
    }
    passed += step;
  }
  while (points.length < count) {
    points.push(line.at(-1).slice(0, 2));
  }
  return points;
}

/** The cloud of lines of points [x, y]. */
export function cloudOf(lines) {
  const sampled = lines.map((line) => evenly(line));
  const cloud = new Cloud(sampled.reduce((sum, points) => sum + points.length, 0));
  let place = 0;
  sampled.forEach((points, number) => {
    const length = lengthOf(lines[number]);
    const weight = Math.max(length, LEAST_WEIGHT) / SPACING / points.length;
    points.forEach(([x, y], i) => {
      const [before, after] = [points[Math.max(i - 1, 0)], points[Math.min(i + 1, points.length - 1)]];
      const [dx, dy] = [after[0] - before[0], after[1] - before[1]];
      const square = length < DOT ? 0 : dx * dx + dy * dy;
      cloud.x[place] = x;
      cloud.y[place] = y;
      cloud.c[place] = square > 0.01 ? (dx * dx - dy * dy) / square : 0;
      cloud.s[place] = square > 0.01 ? (2 * dx * dy) / square : 0;
      cloud.weight[place] = weight;
      cloud.line[place] = number;
      place += 1;
    });
  });
  return cloud;
}

/** [left, top, right, bottom] of a cloud. */
export function boxOf(cloud) {
  return [Math.min(...cloud.x), Math.min(...cloud.y), Math.max(...cloud.x), Math.max(...cloud.y)];
}
