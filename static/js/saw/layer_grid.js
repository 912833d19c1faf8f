/** The neurons of one hidden layer as a grid of cells: the more active one is, the more ink; one at a time can be asked. */

import { activation, filled, whole } from "./numbers.js";
import { element } from "./svg.js";

export class LayerGrid {
  #root = document.createElement("div");
  #svg;
  #texts;
  #number;
  #cells = [];
  #cursor = element("rect", { class: "cell-cursor", width: 1, height: 1 });
  #title = document.createElement("h4");
  #note = document.createElement("p");
  #values = [];
  #columns = 1;
  #at = 0;

  /** `number`: of the layer, from 1; `texts`: {layer, neuron, active, columns} in the page's language. */
  constructor(number, texts) {
    this.#texts = texts;
    this.#number = number;
    this.#svg = element("svg", { role: "slider", tabindex: 0, "shape-rendering": "crispEdges", "aria-valuemin": 1, "aria-describedby": "saw-keys" });
    this.#root.className = "layer";
    this.#note.className = "layer-note";
    this.#title.id = `saw-layer-${number}`;
    this.#svg.setAttribute("aria-labelledby", this.#title.id);
    this.#root.append(this.#title, this.#svg, this.#note);
    this.#svg.addEventListener("keydown", (event) => this.#key(event));
    for (const kind of ["pointermove", "pointerdown"]) {
      this.#svg.addEventListener(kind, (event) => this.#point(event));
    }
    for (const [kind, isAsked] of [["focus", true], ["blur", false], ["pointerleave", false]]) {
      this.#svg.addEventListener(kind, () => this.#show(isAsked));
    }
  }

  get root() {
    return this.#root;
  }

  /** @param {Float64Array} values activations of all neurons */
  show(values) {
    this.#values = values;
    if (this.#cells.length !== values.length) {
      this.#lay(values.length);
    }
    const largest = values.reduce((most, value) => Math.max(most, value), 1e-9);
    values.forEach((value, index) => this.#cells[index].setAttribute("fill-opacity", Math.max(0, value / largest).toFixed(3)));
    this.#svg.setAttribute("aria-valuetext", this.#sentence());
    this.#show(this.#root.dataset.asked === "yes");
  }

  /** As many cells as there are neurons, about twice as wide as high. */
  #lay(count) {
    this.#columns = Math.min(count, 4 * Math.ceil(Math.sqrt(2 * count) / 4));
    const rows = Math.ceil(count / this.#columns);
    this.#cells = Array.from({ length: count }, (_, index) => {
      const [x, y] = [index % this.#columns, Math.floor(index / this.#columns)];
      return element("rect", { x: x + 0.06, y: y + 0.06, width: 0.88, height: 0.88 });
    });
    this.#svg.setAttribute("viewBox", `0 0 ${this.#columns} ${rows}`);
    this.#svg.setAttribute("aria-valuemax", count);
    this.#svg.replaceChildren(element("rect", { class: "cell-ground", width: this.#columns, height: rows }), ...this.#cells, this.#cursor);
    this.#title.textContent = filled(this.#texts.layer, { number: whole(this.#number), count: whole(count) });
    this.#go(this.#at);
  }

  #key(event) {
    const { key } = event;
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: this.#columns, ArrowUp: -this.#columns };
    const ends = { Home: 0, End: this.#values.length - 1 };
    if (key in steps || key in ends) {
      event.preventDefault();
      this.#go(key in ends ? ends[key] : this.#at + steps[key]);
      this.#show(true);
    }
  }

  #point(event) {
    const box = this.#svg.getBoundingClientRect();
    const rows = Math.ceil(this.#values.length / this.#columns);
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    this.#go(Math.floor(y * rows) * this.#columns + Math.floor(x * this.#columns));
    this.#show(true);
  }

  #go(index) {
    this.#at = Math.min(Math.max(index, 0), Math.max(this.#values.length - 1, 0));
    this.#cursor.setAttribute("x", this.#at % this.#columns);
    this.#cursor.setAttribute("y", Math.floor(this.#at / this.#columns));
    this.#svg.setAttribute("aria-valuenow", this.#at + 1);
    this.#svg.setAttribute("aria-valuetext", this.#sentence());
  }

  #sentence() {
    return filled(this.#texts.neuron, { number: whole(this.#at + 1), value: activation(this.#values[this.#at] ?? 0) });
  }

  /** The neuron that is asked for, or how many are active. */
  #show(isAsked) {
    this.#root.dataset.asked = isAsked ? "yes" : "no";
    const active = this.#values.reduce((count, value) => count + (value > 0.005 ? 1 : 0), 0);
    const largest = this.#values.reduce((most, value) => Math.max(most, value), 0);
    this.#note.textContent = isAsked ? this.#sentence() : filled(this.#texts.active, { active: whole(active), largest: activation(largest) });
  }
}
