/** Trains a network of one's own on a small set. The twin of the plain training of training/core, in the browser. */

import { Backpropagation } from "./backpropagation.js";
import { SAMPLE_COSTS } from "./costs.js";
import { descend } from "./descent.js";
import { initialized, length, zeros } from "./parameters.js";
import { Random } from "./random.js";

const CHUNK = 64; // samples that are read at once when a whole set is scored
const PURPOSE = { weights: 0, order: 1 };

/**
 * @typedef {object} Recipe
 * @property {number[]} hiddenLayers neurons of each
 * @property {string} activation sigmoid, relu or gelu
 * @property {string} output softmax or sigmoid
 * @property {string} cost quadratic, cross-entropy or binary-cross-entropy
 * @property {string} outputError exact or elementwise
 * @property {string} initializer normal, scaled-normal, he or glorot
 * @property {number} learningRate η
 * @property {number} batchSize m
 * @property {number} l2 λ
 * @property {number} seed
 *
 * @typedef {object} Samples
 * @property {Uint8Array} inputs one after the other
 * @property {Uint8Array} labels
 */

export class Trainer {
  #samples;
  #random;
  #order = new Uint32Array(0);
  #place = 0;
  #passes;
  #readingPasses;

  /**
   * @param {Recipe} recipe
   * @param {Samples} samples to learn from
   * @param {number} classes
   * @param {?import("./parameters.js").LayerParameters[]} layers to begin with; else they are drawn
   */
  constructor(recipe, samples, classes, layers = null) {
    const inputs = samples.inputs.length / samples.labels.length;
    const sizes = [inputs, ...recipe.hiddenLayers, classes];
    this.recipe = recipe;
    this.layers = layers ?? initialized(sizes, recipe.initializer, new Random(recipe.seed, PURPOSE.weights));
    this.gradients = zeros(sizes);
    this.classes = classes;
    this.steps = 0;
    this.epoch = 0; // whole passes over the samples that are done
    this.#samples = samples;
    this.#random = new Random(recipe.seed, PURPOSE.order);
    this.#passes = new Backpropagation(this.layers, recipe, Math.min(recipe.batchSize, samples.labels.length));
    this.#readingPasses = new Backpropagation(this.layers, recipe, CHUNK);
  }

  /** The passes of the last mini-batch: its activations, derivatives and errors. */
  get passes() {
    return this.#passes;
  }

  /** Another learning rate or λ from the next step on. */
  change({ learningRate, l2 }) {
    this.recipe = { ...this.recipe, learningRate, l2 };
  }

  /** Steps of one epoch. */
  get stepsOfEpoch() {
    return Math.ceil(this.#samples.labels.length / this.recipe.batchSize);
  }

  /**
   * One update from the next mini-batch; the last of an epoch may be smaller.
   * @returns {{cost: number, correct: number, samples: number}} sums over the mini-batch, before the update
   */
  step() {
    const chosen = this.#next();
    return this.stepOn(chosen);
  }

  /** One update from these samples of the training set, by their numbers. */
  stepOn(chosen) {
    const labels = gather(this.#samples, chosen, this.#passes.inputs);
    const outputs = this.#passes.forward(chosen.length);
    const result = { samples: chosen.length, ...this.#tally(outputs, labels) };
    this.#passes.backward(labels, this.gradients, chosen.length);
    descend(this.layers, this.gradients, this.recipe, { batch: chosen.length, samples: this.#samples.labels.length });
    this.steps += 1;
    return result;
  }

  /** The numbers of the next mini-batch, in the order of this epoch. */
  #next() {
    if (this.#place >= this.#order.length) {
      this.#order = this.#random.permutation(this.#samples.labels.length);
      this.#place = 0;
    }
    const chosen = this.#order.subarray(this.#place, this.#place + this.recipe.batchSize);
    this.#place += chosen.length;
    this.epoch += this.#place === this.#order.length ? 1 : 0;
    return chosen;
  }

  /** The mean cost of a sample, without L2, and the share that is read right, over a whole set. */
  score(samples) {
    const count = samples.labels.length;
    const sums = { cost: 0, correct: 0 };
    for (let first = 0; first < count; first += CHUNK) {
      const chosen = Array.from({ length: Math.min(CHUNK, count - first) }, (_, place) => first + place);
      const labels = gather(samples, chosen, this.#readingPasses.inputs);
      const { cost, correct } = this.#tally(this.#readingPasses.forward(chosen.length), labels);
      sums.cost += cost;
      sums.correct += correct;
    }
    return { cost: sums.cost / count, accuracy: sums.correct / count };
  }

  /**
   * What the network makes of one input: its outputs a^L, and the last hidden layer (or the input, where there is none).
   * @param {Uint8Array} input
   */
  read(input) {
    this.#readingPasses.inputs.set(Float64Array.from(input, (byte) => byte / 255));
    const outputs = this.#readingPasses.forward(1).slice(0, this.classes);
    const last = this.layers.at(-1);
    return { outputs, hidden: this.#readingPasses.activations.at(-2).slice(0, last.inputs) };
  }

  /** The length of each layer's gradient in the last mini-batch, a mean over its samples. */
  gradientLengths(samples) {
    return this.gradients.map(({ weights }) => length(weights) / samples);
  }

  #tally(outputs, labels) {
    let [cost, correct] = [0, 0];
    labels.forEach((label, sample) => {
      const own = outputs.subarray(sample * this.classes, (sample + 1) * this.classes);
      cost += SAMPLE_COSTS[this.recipe.cost](own, label);
      correct += best(own) === label ? 1 : 0;
    });
    return { cost, correct };
  }
}

/** The place of the largest; of several that are alike, the first. */
export function best(values) {
  let found = 0;
  for (let place = 1; place < values.length; place += 1) {
    found = values[place] > values[found] ? place : found;
  }
  return found;
}

/** Copy chosen samples' inputs, in 0…1, and return their labels. */
function gather({ inputs, labels }, chosen, into) {
  const each = inputs.length / labels.length;
  const found = new Uint8Array(chosen.length);
  chosen.forEach((number, sample) => {
    found[sample] = labels[number];
    for (let place = 0; place < each; place += 1) {
      into[sample * each + place] = inputs[number * each + place] / 255;
    }
  });
  return found;
}
