/**
 * The stroke in work, on a canvas of its own above the sheet's: each event adds its few pieces, whatever else is there.
 *
 * Where the browser offers it, what is painted here goes to the screen past the page's own frames ("desynchronized"). The
 * canvas is in a shadow tree, so that the sheet has one canvas for whoever looks at the page.
 */

import { PEN, Line } from "./line.js";

const FARTHEST = 1.5 * PEN; // from the pen; where a browser expects it farther away it is guessing

const meet = (one, other) => one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3];

export class WetLayer {
  #canvas = document.createElement("canvas");
  #context;
  #side = 1; // in pixels
  #stroke = null;
  #taken = 0; // points of the stroke that the line has
  #line = null;
  #painted = 0; // pieces of the line
  #tail = null; // the box around what the next event replaces

  /** `below`: the sheet's canvas. */
  constructor(below) {
    const host = document.createElement("div");
    host.className = "sheet-wet";
    host.ariaHidden = "true";
    this.#canvas.style.cssText = "display: block; width: 100%; height: 100%";
    host.attachShadow({ mode: "closed" }).append(this.#canvas);
    below.after(host);
    this.#context = this.#canvas.getContext("2d", { desynchronized: true });
  }

  /** Paint what is new of a stroke, and where the pen is expected next, points [x, y]. */
  paint(stroke, expected = []) {
    if (stroke !== this.#stroke) {
      this.clear();
      this.#stroke = stroke;
      this.#line = new Line();
    }
    this.#line.extend(stroke.slice(this.#taken));
    this.#taken = stroke.length;
    this.#wipeTail();
    this.#line.paint(this.#context, this.#painted);
    this.#painted = this.#line.settled;
    this.#tail = this.#line.paintTail(this.#context, expected.filter(this.#isNear(stroke.at(-1))));
  }

  clear() {
    if (this.#stroke) {
      this.#context.clearRect(0, 0, this.#canvas.width / this.#side, this.#canvas.height / this.#side);
      [this.#stroke, this.#line, this.#tail, this.#taken, this.#painted] = [null, null, null, 0, 0];
    }
  }

  /** Take over the size of a canvas, a side in its pixels and a colour: it is blank then, and the stroke is painted anew. */
  prepare({ width, height }, side, colour) {
    const stroke = this.#stroke;
    this.clear();
    [this.#canvas.width, this.#canvas.height, this.#side] = [width, height, side];
    this.#context.scale(side, side);
    this.#context.lineCap = this.#context.lineJoin = "round";
    this.#context.strokeStyle = colour;
    if (stroke) {
      this.paint(stroke);
    }
  }

  #isNear([x, y]) {
    return (point) => Math.hypot(point[0] - x, point[1] - y) <= FARTHEST;
  }

  /** Wipe a box of whole pixels, and paint again what else of the stroke was in it. */
  #wipeTail() {
    if (!this.#tail) {
      return;
    }
    const [context, pixels] = [this.#context, this.#side];
    const [left, top] = this.#tail.slice(0, 2).map((place) => (Math.floor(place * pixels) - 1) / pixels);
    const [right, bottom] = this.#tail.slice(2).map((place) => (Math.ceil(place * pixels) + 1) / pixels);
    context.save();
    context.beginPath();
    context.rect(left, top, right - left, bottom - top);
    context.clip();
    context.clearRect(left, top, right - left, bottom - top);
    this.#line.paint(context, 0, this.#painted, (piece) => meet(this.#line.boxOf(piece), [left, top, right, bottom]));
    context.restore();
  }
}
