/** The walk through one mini-batch: each step with its values, one after the other, forward and back. */

import { inks, paintLetter } from "./pixels.js";

const STRONGEST = 5;

export class StepsView {
  #list;
  #parts;
  #words;
  #letters;
  #walk = null;
  #shown = [];
  #at = 0;

  /** `list`: of all steps, of which `data-when` says what they go with; `parts`: {back, forth, said}. */
  constructor(list, parts, words) {
    this.#list = list;
    this.#parts = parts;
    this.#words = words;
    this.#letters = [...document.querySelectorAll(".learn-truth")].map(({ textContent }) => textContent);
    parts.back.addEventListener("click", () => this.#go(this.#at - 1));
    parts.forth.addEventListener("click", () => this.#go(this.#at + 1));
    for (const kind of ["pointerover", "focusin", "click"]) {
      list.addEventListener(kind, ({ target }) => this.#explain(target.closest(".symbol")));
    }
  }

  /** The steps of a network that nothing has gone through yet: equations without values. */
  prepare(recipe) {
    this.#walk = null;
    this.#choose(conditionsOf(recipe));
    this.#go(0);
  }

  /** Whether there are values to walk through. */
  get isShown() {
    return this.#walk !== null;
  }

  /** There is nothing to walk through yet. */
  refuse() {
    this.#parts.said.textContent = this.#words.texts.no_walk;
  }

  /** @param {?object} found as walk.js makes it */
  show(found) {
    if (!found) {
      this.refuse();
      return;
    }
    const at = this.#hasOtherTarget(found) ? this.#at : 0;
    this.#walk = found;
    this.#choose(conditionsOf(found.recipe));
    this.#shown.forEach((step) => step.querySelector('[data-part="values"]').append(...this.#values(step.dataset.step)));
    this.#go(at);
  }

  /** Whether it is the same drawing, meant to be another letter. */
  #hasOtherTarget({ input, label }) {
    return this.#walk !== null && this.#walk.label !== label && this.#walk.input.every((byte, place) => byte === input[place]);
  }

  /** The steps that go with these conditions, without values. */
  #choose(conditions) {
    const all = [...this.#list.children];
    this.#shown = all.filter(({ dataset }) => dataset.when.split(" ").filter(Boolean).every((each) => conditions.has(each)));
    all.forEach((step) => step.querySelector('[data-part="values"]').replaceChildren());
  }

  #explain(symbol) {
    if (symbol) {
      symbol.closest("li").querySelector('[data-part="meaning"]').textContent = `${symbol.textContent}: ${symbol.dataset.meaning}`;
    }
  }

  #go(at) {
    this.#at = Math.min(Math.max(at, 0), this.#shown.length - 1);
    for (const step of this.#list.children) {
      step.hidden = step !== this.#shown[this.#at];
    }
    this.#parts.back.disabled = this.#at === 0;
    this.#parts.forth.disabled = this.#at === this.#shown.length - 1;
    this.#parts.said.textContent = this.#words.say("step", { number: this.#at + 1, all: this.#shown.length });
  }

  #values(key) {
    const { layers, before, after, example, label, input, learningRate, l2, samples } = this.#walk;
    const [number, letter] = [(value) => this.#words.number(value, 4), this.#letters[label]];
    const hidden = layers.slice(0, -1);
    const makers = {
      input: () => [this.#picture(input), this.#paragraph(this.#words.count("ink", input.filter((byte) => byte > 0).length, { sum: number(input.reduce((sum, byte) => sum + byte / 255, 0)) }))],
      sums: () => this.#strongest(layers[0].z, (index) => this.#neuron(index, layers.length === 1)),
      activation: () => hidden.flatMap((layer) => this.#strongest(layer.a, (index) => this.#neuron(index))),
      outputs: () => this.#strongest(before.outputs, (index) => this.#letters[index]),
      cost: () => [this.#text("target", { letter }), this.#text("cost_is", { cost: number(before.cost), guess: number(this.#guess) })],
      error: () => [this.#text("target", { letter }), ...this.#strongest(layers.at(-1).delta, (index) => this.#letters[index])],
      back: () => hidden.map((layer, index) => this.#text("layer_errors", { number: index + 1, length: number(Math.hypot(...layer.delta)), slope: number(mean(layer.slope)) })),
      gradients: () => [this.#text("gradient", { from: example.from + 1, letter: this.#letters[example.to], a: number(this.#fed[example.from]), delta: number(layers.at(-1).delta[example.to]), gradient: number(example.gradient) })],
      update: () => [this.#text("moved", { before: number(example.weight), after: number(after.weight), change: number(-learningRate * example.gradient), decay: number(Math.abs((learningRate * l2 * example.weight) / samples)) })],
      after: () => [this.#text("again", { before: number(before.cost), after: number(after.cost), letter, was: this.#words.percent(before.outputs[label], 1), now: this.#words.percent(after.outputs[label], 1) })],
    };
    return makers[key]();
  }

  /** What the last layer is given. */
  get #fed() {
    const { layers, input } = this.#walk;
    return layers.length > 1 ? layers.at(-2).a : Array.from(input, (byte) => byte / 255);
  }

  /** The cost of whoever gives each letter the same. */
  get #guess() {
    const count = this.#letters.length;
    return { "cross-entropy": Math.log(count), "binary-cross-entropy": count * Math.LN2, quadratic: (1 - 1 / count) / 2 }[this.#walk.recipe.cost];
  }

  #neuron(index, isLast = false) {
    return isLast ? this.#letters[index] : this.#words.say("neuron", { number: index + 1 });
  }

  #text(name, values) {
    return this.#paragraph(this.#words.say(name, values));
  }

  #paragraph(textContent) {
    return Object.assign(document.createElement("p"), { textContent });
  }

  #picture(input) {
    const canvas = document.createElement("canvas");
    paintLetter(canvas, input, inks());
    canvas.setAttribute("aria-hidden", "true");
    return canvas;
  }

  /** The values that are farthest from 0, as a table. */
  #strongest(values, nameOf) {
    const order = Array.from(values.keys()).sort((one, other) => Math.abs(values[other]) - Math.abs(values[one])).slice(0, STRONGEST);
    const table = document.createElement("table");
    table.className = "table table-dense";
    table.createCaption().textContent = this.#words.say("strongest", { count: values.length });
    for (const index of order) {
      const row = table.insertRow();
      row.append(Object.assign(document.createElement("th"), { scope: "row", textContent: nameOf(index) }));
      row.append(Object.assign(document.createElement("td"), { className: "number", textContent: this.#words.number(values[index], 4) }));
    }
    return [table];
  }
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What steps may go with: activation=…, output=…, cost=…, error=… and hidden=yes. */
function conditionsOf({ activation, output, cost, outputError, hiddenLayers }) {
  const isDifference = (cost === "cross-entropy" && output === "softmax") || (cost === "binary-cross-entropy" && output === "sigmoid");
  const isElementwise = cost === "quadratic" && (output === "sigmoid" || outputError === "elementwise");
  const error = isDifference ? "difference" : isElementwise ? "elementwise" : cost === "quadratic" ? "quadratic-softmax" : "binary-softmax";
  const found = [`output=${output}`, `cost=${cost}`, `error=${error}`];
  return new Set(hiddenLayers.length ? [...found, `activation=${activation}`, "hidden=yes"] : found);
}
