/** The curves of a training, drawn while it learns, each with its table and its file. */

import { paint } from "../charts/canvas.js";
import { chartConfiguration } from "../charts/configuration.js";
import { fillTable, offerFile } from "./tables.js";

const DRAWN = 250; // milliseconds between two drawings of the charts
const MOST_POINTS = 300;

/** Of each chart: its series from a point, and its axis. */
const KINDS = {
  accuracy: { format: "percent", min: 0, max: 1, of: ({ training, validation }) => [training.accuracy, validation.accuracy] },
  cost: { format: "number", min: 0, of: ({ training, validation }) => [training.cost, validation.cost] },
  lengths: { format: "number", log: true, of: ({ lengths }) => lengths },
};

export class Curves {
  #figures;
  #words;
  #chartAddress;
  #charts = new Map();
  #points = [];
  #timer = 0;

  /** `chartAddress`: of Chart.js, which is loaded with the first point. */
  constructor(figures, { words, chartAddress }) {
    this.#figures = [...figures].filter(({ dataset }) => dataset.chart in KINDS);
    this.#words = words;
    this.#chartAddress = chartAddress;
    for (const figure of this.#figures) {
      figure.querySelector("details").addEventListener("toggle", () => this.#fillTable(figure));
      figure.querySelector("[data-csv]").addEventListener("click", ({ currentTarget }) => this.#offer(currentTarget, figure));
    }
  }

  /** The last point: {epoch, training, validation, lengths}. */
  get last() {
    return this.#points.at(-1);
  }

  clear() {
    this.#points = [];
    this.#schedule();
  }

  add(points) {
    this.#points.push(...points);
    if (this.#points.length > MOST_POINTS) {
      const [first, ...rest] = this.#points;
      this.#points = [first, ...rest.filter((_, place) => place % 2 === 1 || place === rest.length - 1)];
    }
    if (points.length) {
      this.#load();
      this.#schedule();
    }
  }

  repaint() {
    this.#schedule();
  }

  #load() {
    if (this.#chartAddress) {
      const script = Object.assign(document.createElement("script"), { src: this.#chartAddress });
      script.addEventListener("load", () => this.#schedule());
      document.head.append(script);
      this.#chartAddress = null;
    }
  }

  #schedule() {
    this.#timer ||= setTimeout(() => {
      this.#timer = 0;
      this.#figures.forEach((figure) => this.#draw(figure));
    }, DRAWN);
  }

  #names(kind) {
    if (kind !== "lengths") {
      return [this.#words.texts.training, this.#words.texts.validation];
    }
    return (this.last?.lengths ?? []).map((_, index) => this.#words.say("layer", { number: index + 1 }));
  }

  #draw(figure) {
    const kind = figure.dataset.chart;
    const { of, ...axis } = KINDS[kind];
    const finite = (value) => Number.isFinite(value) && !(axis.log && value <= 0);
    const series = this.#names(kind).map((label, index) => ({
      label,
      thin: true,
      color: index + 1,
      points: this.#points.map((point) => [point.epoch, of(point)[index]]).filter(([, value]) => finite(value)),
    }));
    figure.dataset.points = this.#points.length;
    figure.querySelector("[data-csv]").hidden = !this.#points.length;
    const label = this.#words.texts[kind === "lengths" ? "length" : kind];
    const chart = { kind: "line", x: { label: this.#words.texts.epoch }, y: { label, ...axis }, series };
    if (window.Chart && series.some(({ points }) => points.length)) {
      paint(figure, this.#charts, chartConfiguration(chart), figure.querySelector("h3").textContent);
    }
    this.#fillTable(figure);
  }

  #rows(kind) {
    const points = kind === "lengths" ? this.#points.filter(({ lengths }) => lengths.length) : this.#points;
    return points.map((point) => [point.epoch, ...KINDS[kind].of(point)]);
  }

  /** Only a table that is open is kept up to date. */
  #fillTable(figure) {
    const kind = figure.dataset.chart;
    if (!figure.querySelector("details").open) {
      return;
    }
    const show = (value) => (kind === "accuracy" ? this.#words.percent(value, 1) : this.#words.number(value, 4));
    const rows = this.#rows(kind).map(([epoch, ...values]) => [this.#words.number(epoch, 3), ...values.map(show)]);
    fillTable(figure.querySelector("table"), [this.#words.texts.epoch, ...this.#names(kind)], rows);
  }

  #offer(link, figure) {
    const kind = figure.dataset.chart;
    offerFile(link, [["epoch", ...this.#names(kind)], ...this.#rows(kind)]);
  }
}
