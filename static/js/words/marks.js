/**
 * Marks: strokes of a word that are never cut apart, from left to right. The twin of recognizer/core/words/marks.py and
 * drawn_marks.py.
 */

const TOUCH = 0.03; // of the letters' height: what is no farther apart touches
const JOINT = 0.02; // the same of two ends that are one
const MOST_WORK = 4_000_000; // pairs of points that are compared: bounds the time

/** Sides of a box. */
export const [LEFT, TOP, RIGHT, BOTTOM] = [0, 1, 2, 3];

/** The box around boxes. */
export function around(boxes) {
  const sides = [Infinity, Infinity, -Infinity, -Infinity];
  for (const box of boxes) {
    for (const side of [LEFT, TOP]) {
      sides[side] = Math.min(sides[side], box[side]);
      sides[side + 2] = Math.max(sides[side + 2], box[side + 2]);
    }
  }
  return sides;
}

/**
 * @typedef {object} Mends what a person said of the cuts; numbers of strokes
 * @property {number[][]} together each is of one letter
 * @property {number[][]} apart each is of several letters
 */

/** Whether a list of numbers has all of another. */
export const holds = (list, others) => others.every((each) => list.includes(each));

/**
 * Marks of lines, none of them empty, of points [x, y].
 * @param {Mends} mends
 * @returns {{members: number[][], boxes: number[][], height: number, touching: boolean[][]}} as in Python; whether two touch
 */
export function marksOf(lines, { together, apart }) {
  const boxes = lines.map((line) => around(line.map(([x, y]) => [x, y, x, y])));
  const height = letterHeight(boxes);
  const found = joined(lines, JOINT * height, { together, apart }).map((members) => ({
    members,
    box: around(members.map((member) => boxes[member])),
  }));
  found.sort(({ box: one }, { box: other }) => one[LEFT] + one[RIGHT] - (other[LEFT] + other[RIGHT]) || one[TOP] - other[TOP]);
  const touch = touching(lines, boxes, TOUCH * height);
  const touches = (one, other) => one.members.some((a) => other.members.some((b) => touch[a][b]));
  return {
    members: found.map(({ members }) => members),
    boxes: found.map(({ box }) => box),
    height,
    touching: found.map((one) => found.map((other) => touches(one, other))),
  };
}

/** The height of a word's letters: the median of what stands over each stretch of the line, without small signs. */
export function letterHeight(boxes) {
  const stretches = [];
  let end = -Infinity;
  for (const [left, top, right, bottom] of [...boxes].sort((one, other) => one[LEFT] - other[LEFT])) {
    if (left <= end) {
      const last = stretches.at(-1);
      stretches[stretches.length - 1] = [Math.min(last[0], top), Math.max(last[1], bottom)];
    } else {
      stretches.push([top, bottom]);
    }
    end = Math.max(end, right);
  }
  const heights = stretches.map(([top, bottom]) => bottom - top).sort((one, other) => one - other);
  const tall = heights.filter((height) => 2 * height >= heights.at(-1));
  return tall[Math.floor(tall.length / 2)];
}

/** Numbers of lines whose ends meet, together. */
function joined(lines, reach, { together, apart }) {
  const group = lines.map((_, number) => number);
  const join = (one, other) => {
    const [kept, gone] = [group[one], group[other]];
    group.forEach((each, place) => {
      group[place] = each === gone ? kept : each;
    });
  };
  for (let one = 0; one < lines.length; one += 1) {
    for (let other = one + 1; other < lines.length; other += 1) {
      if (meet(lines[one], lines[other], reach) && !apart.some((each) => holds(each, [one, other]))) {
        join(one, other);
      }
    }
  }
  together.forEach(([first, ...others]) => others.forEach((other) => join(first, other)));
  return [...new Set(group)].sort((one, other) => one - other).map((name) => group.flatMap((each, number) => (each === name ? [number] : [])));
}

/** Whether an end of a line is no farther than `reach` from one of another. */
function meet(one, other, reach) {
  return [one[0], one.at(-1)].some((a) => [other[0], other.at(-1)].some((b) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 <= reach * reach));
}

/** Which lines come as near to each other as `reach`. */
function touching(lines, boxes, reach) {
  const found = lines.map(() => lines.map(() => false));
  const thin = lines.map((line) => thinned(line, reach));
  const near = (one, other) => one[LEFT] <= other[RIGHT] + reach && one[TOP] <= other[BOTTOM] + reach;
  let work = 0;
  for (let one = 0; one < lines.length; one += 1) {
    for (let other = one + 1; other < lines.length; other += 1) {
      if (near(boxes[one], boxes[other]) && near(boxes[other], boxes[one])) {
        work += thin[one].length * thin[other].length;
        if (work > MOST_WORK) {
          return found;
        }
        found[one][other] = found[other][one] = touch(thin[one], thin[other], reach);
      }
    }
  }
  return found;
}

/** A line without points that are nearer than `step` to the one kept before them; both ends stay. */
function thinned(line, step) {
  if (line.length < 2) {
    return line;
  }
  const kept = [line[0]];
  for (const point of line.slice(1, -1)) {
    if ((point[0] - kept.at(-1)[0]) ** 2 + (point[1] - kept.at(-1)[1]) ** 2 >= step * step) {
      kept.push(point);
    }
  }
  return [...kept, line.at(-1)];
}

/** Whether two lines cross, or a point of one is as near as `reach` to the other. */
function touch(one, other, reach) {
  return cross(one, other) || comesNear(one, other, reach) || comesNear(other, one, reach);
}

/** Whether a point is as near as `reach` to a line, which may be one point. */
function comesNear(points, line, reach) {
  const segments = line.length > 1 ? line.length - 1 : 1;
  for (let place = 0; place < segments; place += 1) {
    const [start, end] = [line[place], line[Math.min(place + 1, line.length - 1)]];
    const [alongX, alongY] = [end[0] - start[0], end[1] - start[1]];
    const squared = Math.max(alongX * alongX + alongY * alongY, 1e-18);
    for (const [x, y] of points) {
      const [offX, offY] = [x - start[0], y - start[1]];
      const share = Math.min(Math.max((offX * alongX + offY * alongY) / squared, 0), 1);
      const [apartX, apartY] = [offX - share * alongX, offY - share * alongY];
      if (apartX * apartX + apartY * apartY <= reach * reach) {
        return true;
      }
    }
  }
  return false;
}

/** Whether a segment of one line crosses one of the other. */
function cross(one, other) {
  for (let i = 1; i < one.length; i += 1) {
    for (let j = 1; j < other.length; j += 1) {
      const [a, b, c, d] = [one[i - 1], one[i], other[j - 1], other[j]];
      if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) {
        return true;
      }
    }
  }
  return false;
}

/** On which side of a segment a point is. */
function side([ax, ay], [bx, by], [x, y]) {
  return (bx - ax) * (y - ay) - (by - ay) * (x - ax);
}
