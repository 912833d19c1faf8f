/** The weights of the first neurons, as pictures beside each other. */

import { inks, writeWeights } from "./pixels.js";
import { Random } from "../training/random.js";
import { initialized } from "../training/parameters.js";
import { weightPictures } from "./watching.js";

const GAP = 3;
const SIDE = 28;
const LETTERS = 33;

export class Wall {
  #canvas;
  #said;
  #words;
  #colours = null;
  #weights = null;
  #image = null;

  constructor(canvas, said, words) {
    this.#canvas = canvas;
    this.#said = said;
    this.#words = words;
  }

  /** The first weights of a network that has learnt nothing: noise. */
  begin(recipe) {
    const sizes = [SIDE * SIDE, recipe.hiddenLayers[0] ?? LETTERS];
    this.show(weightPictures(initialized(sizes, recipe.initializer, new Random(recipe.seed))[0]));
    this.#said.textContent = this.#words.texts.noise;
  }

  /** @param {{count: number, bytes: Uint8Array}} weights as watching.js makes them */
  show(weights) {
    this.#weights = weights;
    const columns = Math.ceil(Math.sqrt(weights.count));
    const side = columns * (SIDE + GAP) + GAP;
    if (this.#canvas.width !== side) {
      this.#canvas.width = side;
      this.#canvas.height = side;
      this.#image = null;
    }
    this.#image ??= new ImageData(side, side);
    this.#colours ??= inks();
    for (let neuron = 0; neuron < weights.count; neuron += 1) {
      const corner = { left: GAP + (neuron % columns) * (SIDE + GAP), top: GAP + Math.floor(neuron / columns) * (SIDE + GAP) };
      writeWeights(this.#image, weights.bytes, neuron * SIDE * SIDE, corner, this.#colours);
    }
    this.#canvas.getContext("2d").putImageData(this.#image, 0, 0);
    this.#said.textContent = this.#words.count("weights", weights.count);
  }

  /** The colours have changed. */
  repaint() {
    this.#colours = null;
    this.#image = null;
    if (this.#weights) {
      this.show(this.#weights);
    }
  }
}
