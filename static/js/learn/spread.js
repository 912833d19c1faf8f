/** How the activations of each hidden layer are spread: bars above an axis, a sentence, a table and a file. */

import { element } from "../saw/svg.js";
import { fillTable, offerFile } from "./tables.js";

const HEIGHT = 40;

export class Spread {
  #figure;
  #plot;
  #link;
  #words;
  #boxes = [];
  #layers = []; // as they were shown last

  constructor(figure, words) {
    this.#figure = figure;
    this.#plot = figure.querySelector(".learn-spread");
    this.#link = figure.querySelector("[data-csv]");
    this.#words = words;
    figure.querySelector("details").addEventListener("toggle", () => this.#fillTable());
    this.#link.addEventListener("click", () => this.#offer());
  }

  /** @param {{range: number[], shares: number[], idle: number}[]} layers as watching.js makes them */
  show(layers) {
    if (layers.length !== this.#boxes.length || !layers.length) {
      this.#boxes = layers.map(({ shares }) => this.#made(shares.length));
      this.#plot.replaceChildren(...this.#boxes.map(({ box }) => box));
      if (!layers.length) {
        this.#plot.textContent = this.#words.texts.no_hidden;
      }
    }
    this.#layers = layers;
    this.#link.hidden = !layers.length;
    layers.forEach((layer, index) => this.#fill(this.#boxes[index], layer, index + 1));
    this.#fillTable();
  }

  #made(bins) {
    const [box, axis, said] = ["div", "p", "p"].map((name) => document.createElement(name));
    const bars = Array.from({ length: bins }, (_, bin) => element("rect", { x: bin + 0.08, width: 0.84, y: HEIGHT, height: 0 }));
    const svg = element("svg", { viewBox: `0 0 ${bins} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
    svg.append(...bars);
    axis.className = "learn-axis small muted";
    axis.setAttribute("aria-hidden", "true");
    said.className = "small";
    box.append(svg, axis, said);
    return { box, bars, axis, said };
  }

  #fill({ bars, axis, said }, { range, shares, idle }, number) {
    const largest = Math.max(...shares, 1e-9);
    shares.forEach((share, bin) => {
      const height = (HEIGHT * share) / largest;
      bars[bin].setAttribute("y", HEIGHT - height);
      bars[bin].setAttribute("height", height);
    });
    const [low, high] = range;
    axis.replaceChildren(...[low, (low + high) / 2, high].map((value) => Object.assign(document.createElement("span"), { textContent: this.#words.number(value) })));
    const name = isBounded(range) ? "idle_saturated" : "idle_silent";
    said.textContent = `${this.#words.say(name, { number, percent: this.#words.percent(idle) })} ${this.#words.say("highest", { percent: this.#words.percent(largest) })}`;
  }

  #names() {
    return this.#layers.map((_, index) => this.#words.say("layer", { number: index + 1 }));
  }

  /** Of each bar: from where, to where, and its share in each layer. What is above the last bar counts to it. */
  #rows() {
    const [{ range, shares }] = this.#layers;
    const edge = (bin) => Number((range[0] + (bin * (range[1] - range[0])) / shares.length).toPrecision(6));
    const ends = (bin) => (bin === shares.length - 1 && !isBounded(range) ? Number.POSITIVE_INFINITY : edge(bin + 1));
    return shares.map((_, bin) => [edge(bin), ends(bin), ...this.#layers.map((layer) => layer.shares[bin])]);
  }

  /** Only a table that is open is kept up to date. */
  #fillTable() {
    if (!this.#figure.querySelector("details").open) {
      return;
    }
    const rows = this.#layers.length ? this.#rows() : [];
    const named = rows.map(([from, to, ...shares]) => [this.#between(from, to), ...shares.map((share) => this.#words.percent(share, 1))]);
    fillTable(this.#figure.querySelector("table"), [this.#words.texts.answer, ...this.#names()], named);
  }

  #between(from, to) {
    const name = Number.isFinite(to) ? "between" : "or_more";
    return this.#words.say(name, { from: this.#words.number(from), to: this.#words.number(to) });
  }

  #offer() {
    offerFile(this.#link, [["begin", "end", ...this.#names()], ...this.#rows()]);
  }
}

/** Whether all answers lie in the range, as those of sigmoids do. */
const isBounded = ([low, high]) => low === 0 && high === 1;
