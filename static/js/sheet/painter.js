/** Paints a sheet, one canvas pixel to one pixel of the screen: what is finished below, the stroke in work above. */

import { DryLayer } from "./dry_layer.js";
import { followColour, followSize } from "./following.js";
import { WetLayer } from "./wet_layer.js";

const PATIENCE = 50; // milliseconds; a pen that has not moved for so long is where it is, and not where it was expected

export class Painter {
  #canvas;
  #sheet;
  #dry;
  #wet;
  #colour = "";
  #frame = 0;
  #expected = [];
  #halt = 0;

  constructor(canvas, sheet) {
    this.#canvas = canvas;
    this.#sheet = sheet;
    this.#dry = new DryLayer(canvas, sheet);
    this.#wet = new WetLayer(canvas);
    sheet.addEventListener("ink", () => this.#paintStroke());
    sheet.addEventListener("change", () => this.#merge());
    followSize(canvas, (pixels) => this.#resize(pixels));
    followColour(canvas, (colour) => {
      this.#colour = colour;
      this.#paintAll();
    });
    canvas.addEventListener("contextrestored", () => this.#paintAll());
    addEventListener("pageshow", () => this.#paintAll()); // a page that slept may have lost its pixels
  }

  /** Show where the keyboard's pen is: {x, y, isDown}, or null for nowhere. */
  showCursor(cursor) {
    this.#dry.cursor = cursor;
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#dry.paint(this.#colour);
    });
  }

  /** Points [x, y] where the pen is expected next: painted with the next ink, until there is more of it, and never kept. */
  expect(points) {
    this.#expected = points;
  }

  #paintStroke() {
    const { stroke } = this.#sheet;
    if (this.#dry.isStale) {
      this.#dry.paint(this.#colour);
    }
    clearTimeout(this.#halt);
    if (stroke) {
      this.#wet.paint(stroke, this.#expected);
      this.#halt = this.#expected.length ? setTimeout(() => this.#paintStroke(), PATIENCE) : 0;
    } else {
      this.#wet.clear();
    }
    this.#expected = [];
  }

  /** The wet ink goes when the dry ink is on the screen, unless there is new one by then. */
  #merge() {
    clearTimeout(this.#halt);
    this.#dry.paint(this.#colour);
    requestAnimationFrame(() => this.#sheet.isDrawing || this.#wet.clear());
  }

  #resize(pixels) {
    if (pixels > 0 && this.#canvas.width !== pixels) {
      this.#canvas.width = pixels;
      this.#canvas.height = Math.round((pixels * this.#sheet.high) / this.#sheet.wide);
      this.#paintAll(); // at once: a canvas that was resized is blank
    }
  }

  #paintAll() {
    this.#dry.paint(this.#colour);
    this.#wet.prepare(this.#canvas, this.#canvas.width / this.#sheet.wide, this.#colour);
  }
}
