/** Takes whole strokes off a sheet where it passes over them. It is led like the sheet's own pen. */

import { PEN } from "./line.js";

const REACH = PEN / 2 + 0.012; // of the side, from the middle of a stroke

/** The square of the distance of a point to a segment. */
function distance2([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const length2 = dx * dx + dy * dy;
  const along = length2 ? Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / length2, 0), 1) : 0;
  return (x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2;
}

/** Does a point lie on a stroke? */
function isOn(stroke, point) {
  return stroke.some((end, index) => distance2(point, stroke[Math.max(index - 1, 0)], end) <= REACH * REACH);
}

/** Points from one to another, near enough to each other that no stroke lies between; the first is left out. */
function way([ax, ay], [bx, by]) {
  const steps = Math.ceil(Math.hypot(bx - ax, by - ay) / REACH) || 1;
  return Array.from({ length: steps }, (_nothing, step) => {
    const share = (step + 1) / steps;
    return [ax + share * (bx - ax), ay + share * (by - ay)];
  });
}

export class Eraser {
  #sheet;
  #last = null;

  constructor(sheet) {
    this.#sheet = sheet;
  }

  begin(point) {
    this.#last = point;
    this.extend([point]);
  }

  extend(points) {
    for (const point of points) {
      if (this.#last && point.every(Number.isFinite)) {
        const touched = way(this.#last, point);
        this.#last = point;
        this.#sheet.erase(this.#sheet.finished.filter((stroke) => touched.some((place) => isOn(stroke, place))));
      }
    }
  }

  end() {
    this.#last = null;
  }

  abandon() {
    this.end();
  }
}
