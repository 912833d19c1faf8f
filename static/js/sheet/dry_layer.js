/** What is finished, on the sheet's canvas: strokes or a picture, and the keyboard's pen. */

import { Line, PEN } from "./line.js";
import { paintPicture } from "./opened_picture.js";

const CROSS = 0.025;

export class DryLayer {
  #canvas;
  #context;
  #sheet;
  #cursor = null;
  #picture = null;
  #lines = new WeakMap();

  constructor(canvas, sheet) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    this.#sheet = sheet;
  }

  /** A stroke in work takes the place of a picture, and gives it back when it is abandoned. */
  get isStale() {
    return this.#picture !== this.#sheet.picture;
  }

  /** Where the keyboard's pen is: {x, y, isDown}, or null for nowhere. */
  set cursor(cursor) {
    this.#cursor = cursor;
  }

  paint(colour) {
    const context = this.#context;
    const { wide, high } = this.#sheet;
    const side = this.#canvas.width / wide;
    context.setTransform(side, 0, 0, side, 0, 0);
    context.clearRect(0, 0, wide, high);
    this.#picture = this.#sheet.picture;
    if (this.#picture) {
      paintPicture(context, this.#picture.bitmap);
    }
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = colour;
    for (const stroke of this.#sheet.finished) {
      const line = this.#lineOf(stroke);
      line.paint(context);
      line.paintTail(context);
    }
    this.#paintCursor();
  }

  #lineOf(stroke) {
    if (!this.#lines.has(stroke)) {
      this.#lines.set(stroke, new Line(stroke));
    }
    return this.#lines.get(stroke);
  }

  #paintCursor() {
    if (!this.#cursor) {
      return;
    }
    const { x, y, isDown } = this.#cursor;
    const context = this.#context;
    context.lineWidth = (1.5 * this.#sheet.wide) / this.#canvas.clientWidth;
    context.beginPath();
    context.moveTo(x - CROSS, y);
    context.lineTo(x + CROSS, y);
    context.moveTo(x, y - CROSS);
    context.lineTo(x, y + CROSS);
    if (!isDown) {
      context.moveTo(x + PEN / 2, y);
      context.arc(x, y, PEN / 2, 0, 7);
    }
    context.stroke();
  }
}
