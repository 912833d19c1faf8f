/** Parallel coordinates as SVG: axes, lines, and a brush on each axis that leaves only the lines through it. */

import { scaleOf } from "./scales.js";

const SVG = "http://www.w3.org/2000/svg";
const [TOP, BOTTOM, SIDE, NARROWEST, HEIGHT] = [66, 16, 56, 64, 340]; // four axes fit on a phone
const [LINE, CHARACTER, MOST_LINES] = [14, 7, 3]; // of the names, in pixels
const LEAST_BRUSH = 0.02;

/** An SVG element with attributes. */
function element(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** A name in lines of words that are no wider than this, where words allow. */
function wrapped(text, width) {
  const most = Math.floor(width / CHARACTER);
  return text.split(" ").reduce((lines, word) => {
    const joined = `${lines.at(-1) ?? ""} ${word}`.trim();
    return lines.length && (joined.length <= most || lines.length === MOST_LINES) ? [...lines.slice(0, -1), joined] : [...lines, word];
  }, []);
}

export class Parallel {
  /** `onChange` hears which runs are chosen (null: all), `onHover` which run is pointed at (null: none). */
  constructor(host, { onChange, onHover }) {
    this.host = host;
    this.onChange = onChange;
    this.onHover = onHover;
    this.brushes = new Map(); // number of the axis → [low, high] shares
    this.lines = new Map(); // run → its element
  }

  /** Draw again; brushes stay. */
  draw({ axes, lines, runs }) {
    this.data = { axes, lines, runs };
    this.scales = axes.map((axis, index) => scaleOf(axis, lines.map((line) => line.values[index])));
    const width = Math.max(this.host.clientWidth, SIDE * 2 + (axes.length - 1) * NARROWEST);
    this.x = axes.map((_axis, index) => SIDE + ((width - 2 * SIDE) * index) / Math.max(axes.length - 1, 1));
    this.svg = element("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "group" });
    this.lines = new Map(this.sorted().map((line) => [line.run, this.line(line)]));
    this.svg.append(...this.lines.values(), ...axes.map((axis, index) => this.axis(axis, index)));
    this.host.replaceChildren(this.svg);
    this.choose();
  }

  /** Lines, the best last, so that it lies above. */
  sorted() {
    return [...this.data.lines].sort((one, other) => one.values.at(-1) - other.values.at(-1));
  }

  /** Height of a share of an axis. */
  y(share) {
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  }

  /** One trial: a link to its run. */
  line(line) {
    const places = line.values.map((value, index) => this.scales[index].place(value));
    const d = places.map((share, index) => `${index ? "L" : "M"}${this.x[index]} ${this.y(share)}`).join("");
    const path = element("path", { d, "stroke-opacity": 0.15 + 0.75 * places.at(-1) ** 2 });
    const hit = element("path", { d, "stroke-opacity": 0, "stroke-width": 9, class: "parallel-hit" });
    const name = element("title");
    name.textContent = this.data.axes.map((axis, index) => `${axis.label}: ${line.values[index]}`).join("\n");
    const about = { href: `${this.data.runs}${line.run}/`, class: `parallel-line${line.best ? " is-best" : ""}` };
    const link = element("a", about, path, hit, name);
    link.addEventListener("pointerenter", () => this.onHover(line.run));
    link.addEventListener("pointerleave", () => this.onHover(null));
    return link;
  }

  /** One axis with its ticks, and the band on which it is brushed. */
  axis(axis, index) {
    const x = this.x[index];
    const group = element("g", { class: "parallel-axis" });
    const anchor = index === 0 ? "start" : index === this.x.length - 1 ? "end" : "middle";
    const nameX = index === 0 ? 4 : index === this.x.length - 1 ? x + SIDE - 4 : x;
    const room = Math.abs(this.x[1] - this.x[0]) * (anchor === "middle" ? 1 : 0.5) + (anchor === "middle" ? -8 : SIDE - 8);
    const rows = wrapped(axis.label, room).map((words, row) => {
      const line = element("tspan", { x: nameX, y: LINE * (row + 1) });
      line.textContent = words;
      return line;
    });
    const name = element("text", { "text-anchor": anchor, class: "parallel-name" }, ...rows);
    group.append(name, element("line", { x1: x, x2: x, y1: this.y(0), y2: this.y(1) }));
    for (const { share, text } of this.scales[index].ticks) {
      const tick = element("text", { x: x - 6, y: this.y(share) + 4, "text-anchor": "end" });
      tick.textContent = text;
      group.append(tick);
    }
    const brush = element("rect", { x: x - 8, width: 16, class: "parallel-brush" });
    const band = element("rect", { x: x - 14, width: 28, y: TOP - 8, height: HEIGHT - TOP - BOTTOM + 16, class: "parallel-band" });
    this.listen(band, index);
    group.append(brush, band);
    this.place(brush, index);
    return group;
  }

  /** Drag to brush; a click without a drag lets go. */
  listen(band, index) {
    const shareAt = (event) => {
      const box = this.svg.getBoundingClientRect();
      const y = ((event.clientY - box.top) * HEIGHT) / box.height;
      return Math.min(Math.max((HEIGHT - BOTTOM - y) / (HEIGHT - TOP - BOTTOM), 0), 1);
    };
    let start = null;
    band.addEventListener("pointerdown", (event) => {
      start = shareAt(event);
      band.setPointerCapture(event.pointerId);
    });
    band.addEventListener("pointermove", (event) => {
      if (start === null) {
        return;
      }
      const now = shareAt(event);
      this.brush(index, Math.abs(now - start) < LEAST_BRUSH ? null : [Math.min(start, now), Math.max(start, now)]);
    });
    band.addEventListener("pointerup", (event) => {
      if (start !== null && Math.abs(shareAt(event) - start) < LEAST_BRUSH) {
        this.brush(index, null);
      }
      start = null;
    });
  }

  /** Set or take away the brush of an axis. */
  brush(index, range) {
    if (range) {
      this.brushes.set(index, range);
    } else {
      this.brushes.delete(index);
    }
    this.place(this.svg.querySelectorAll(".parallel-brush")[index], index);
    this.choose();
  }

  /** Take all brushes away. */
  reset() {
    this.brushes.clear();
    this.draw(this.data);
  }

  place(rectangle, index) {
    const [low, high] = this.brushes.get(index) ?? [0, 0];
    rectangle.setAttribute("y", this.y(high));
    rectangle.setAttribute("height", this.y(low) - this.y(high));
    rectangle.toggleAttribute("hidden", !this.brushes.has(index));
    rectangle.setAttribute("visibility", this.brushes.has(index) ? "visible" : "hidden");
  }

  /** Dim the lines outside of the brushes, and say which are left. */
  choose() {
    const chosen = this.data.lines.filter((line) =>
      [...this.brushes].every(([index, [low, high]]) => {
        const share = this.scales[index].place(line.values[index]);
        return share >= low - 1e-9 && share <= high + 1e-9;
      }),
    );
    const runs = new Set(chosen.map((line) => line.run));
    for (const [run, link] of this.lines) {
      link.classList.toggle("is-out", !runs.has(run));
    }
    this.onChange(this.brushes.size ? chosen : null);
  }

  /** Light up one line, or none. */
  light(run) {
    for (const [key, link] of this.lines) {
      link.classList.toggle("is-lit", key === run);
    }
  }
}
