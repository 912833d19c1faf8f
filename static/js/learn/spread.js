/** How the activations of each hidden layer are spread: a bar chart of shares, with a sentence that says it. */

import { element } from "../saw/svg.js";

const HEIGHT = 40;

export class Spread {
  #root;
  #words;
  #layers = [];

  constructor(root, words) {
    this.#root = root;
    this.#words = words;
  }

  /** @param {{range: number[], shares: number[], idle: number}[]} layers as watching.js makes them */
  show(layers) {
    if (layers.length !== this.#layers.length || !layers.length) {
      this.#layers = layers.map(({ shares }) => this.#made(shares.length));
      this.#root.replaceChildren(...this.#layers.map(({ box }) => box));
      if (!layers.length) {
        this.#root.textContent = this.#words.texts.no_hidden;
      }
    }
    layers.forEach((layer, index) => this.#fill(this.#layers[index], layer, index + 1));
  }

  #made(bins) {
    const box = document.createElement("div");
    const bars = Array.from({ length: bins }, (_, bin) => element("rect", { x: bin + 0.08, width: 0.84, y: HEIGHT, height: 0 }));
    const svg = element("svg", { viewBox: `0 0 ${bins} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
    svg.append(...bars);
    const said = document.createElement("p");
    said.className = "small";
    box.append(svg, said);
    return { box, bars, said };
  }

  #fill({ bars, said }, { range, shares, idle }, number) {
    const largest = Math.max(...shares, 1e-9);
    shares.forEach((share, bin) => {
      const height = (HEIGHT * share) / largest;
      bars[bin].setAttribute("y", HEIGHT - height);
      bars[bin].setAttribute("height", height);
    });
    const [low, high] = range.map((value) => this.#words.number(value));
    const name = range[0] === 0 && range[1] === 1 ? "idle_saturated" : "idle_silent";
    said.textContent = `${this.#words.say("between", { from: low, to: high })}. ${this.#words.say(name, { number, percent: this.#words.percent(idle) })}`;
  }
}
