/**
 * How a stroke looks: a smooth line whose width follows the pen's pressure. Nothing of it goes back into the stroke.
 *
 * A line has knots [x, y, width] some way apart. It consists of pieces, one for each knot: a quadratic curve from the
 * middle before the knot to the middle behind it, with the knot as its control point, which is a B-spline. A piece is
 * settled once the next knot is known; behind the last settled piece comes the tail, which changes with each point.
 */

export const PEN = 0.032; // of the side; the width of a mouse's or finger's line
const SPACING = PEN / 6; // of knots
const DOT = PEN / 100; // length of the line that a tap becomes: of a line without length, Chromium paints nothing
const [THIN, THICK] = [0.4, 1.6]; // width at no and at full pressure, of PEN
const INERTIA = 0.65; // of the width: how much of it a point takes over from the one before
const STEPS = 40; // widths to PEN: neighbouring pieces of the same width are painted in one go

function widthAt(pressure) {
  return pressure === undefined ? PEN : PEN * (THIN + (THICK - THIN) * pressure);
}

const middle = ([ax, ay], [bx, by]) => [(ax + bx) / 2, (ay + by) / 2];
const distance = ([ax, ay], [bx, by]) => Math.hypot(ax - bx, ay - by);

export class Line {
  #knots = [];
  #end = null; // the last point
  #width = 0;

  constructor(points = []) {
    this.extend(points);
  }

  /** How many pieces will not change any more. */
  get settled() {
    return Math.max(this.#knots.length - 1, 0);
  }

  /** Draw on to points [x, y, t] or [x, y, t, pressure]. */
  extend(points) {
    for (const [x, y, , pressure] of points) {
      const width = widthAt(pressure);
      this.#width = this.#end ? INERTIA * this.#width + (1 - INERTIA) * width : width;
      this.#end = [x, y, (Math.round((this.#width / PEN) * STEPS) / STEPS) * PEN];
      if (!this.#knots.length || distance(this.#knots.at(-1), this.#end) >= SPACING) {
        this.#knots.push(this.#end);
      }
    }
  }

  /** The box around a piece: [left, top, right, bottom]. */
  boxOf(piece) {
    return boxAround(this.#knots.slice(Math.max(piece - 1, 0), piece + 2));
  }

  /** Paint settled pieces: those of them that are `wanted`, from one on. The context measures in sides. */
  paint(context, from = 0, to = this.settled, wanted = () => true) {
    let width = null;
    for (let piece = from; piece < to; piece += 1) {
      if (!wanted(piece)) {
        continue;
      }
      if (this.#knots[piece][2] !== width) {
        if (width !== null) {
          context.stroke();
        }
        width = this.#knots[piece][2];
        context.lineWidth = width;
        context.beginPath();
      }
      context.moveTo(...this.#start(piece));
      context.quadraticCurveTo(...this.#knots[piece].slice(0, 2), ...this.#start(piece + 1));
    }
    if (width !== null) {
      context.stroke();
    }
  }

  /** Paint what lies behind the settled pieces, and go on to points where the pen is expected; the box around all that. */
  paintTail(context, expected = []) {
    const [knot, end] = [this.#knots.at(-1), this.#end];
    const start = this.#start(this.#knots.length - 1);
    const ahead = expected.map(([x, y]) => [x, y, end[2]]);
    context.lineWidth = end[2];
    context.beginPath();
    context.moveTo(...start);
    context.quadraticCurveTo(knot[0], knot[1], end[0] + (distance(start, end) ? 0 : DOT), end[1]);
    ahead.forEach(([x, y]) => context.lineTo(x, y));
    context.stroke();
    return boxAround([[...start, end[2]], knot, [end[0] + DOT, end[1], end[2]], ...ahead]);
  }

  /** Where a piece begins. */
  #start(piece) {
    return piece ? middle(this.#knots[piece - 1], this.#knots[piece]) : this.#knots[0].slice(0, 2);
  }
}

/** The box around knots and the pen that goes through them. */
function boxAround(knots) {
  const side = (axis, sign) => sign * Math.max(...knots.map((knot) => sign * knot[axis] + knot[2] / 2));
  return [side(0, -1), side(1, -1), side(0, 1), side(1, 1)];
}
