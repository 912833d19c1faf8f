/** Forward through a network and back again, in double precision: what each neuron does, and what each input changes. */

import { product } from "./network.js";
import { SLOPES } from "./slopes.js";

/**
 * @typedef {object} Forward
 * @property {Float64Array[]} activations the input in 0…1, then those of each hidden layer
 * @property {Float64Array[]} derivatives of the activation, for each hidden layer
 * @property {Float64Array} logits
 */

export class Passes {
  #layers;
  #slope;

  /** @param {import("./network.js").Network} network */
  constructor(network) {
    this.#layers = network.layers;
    this.#slope = SLOPES[network.activation];
  }

  /**
   * @param {Float64Array} input in 0…1
   * @returns {Forward}
   */
  forward(input) {
    const activations = [input];
    const derivatives = [];
    for (const layer of this.#layers.slice(0, -1)) {
      const sums = weightedSums(layer, activations.at(-1));
      const slopes = new Float64Array(sums.length);
      sums.forEach((z, neuron) => {
        [sums[neuron], slopes[neuron]] = this.#slope(z);
      });
      activations.push(sums);
      derivatives.push(slopes);
    }
    return { activations, derivatives, logits: weightedSums(this.#layers.at(-1), activations.at(-1)) };
  }

  /**
   * The gradient by the input of Σ error_c · logit_c: backpropagation, δ = Wᵀδ' ⊙ σ'(z) in each layer.
   * @param {Forward} passed
   * @param {Float64Array} error one number for each logit
   */
  backward({ derivatives }, error) {
    let gradient = back(this.#layers.at(-1), error);
    for (let index = derivatives.length - 1; index >= 0; index -= 1) {
      gradient = back(this.#layers[index], gradient.map((value, neuron) => value * derivatives[index][neuron]));
    }
    return gradient;
  }
}

/** W a + b. */
function weightedSums({ matrix, biases }, values) {
  return Float64Array.from(biases, (bias, neuron) => bias + product(matrix, neuron * values.length, values));
}

/** Wᵀ δ; neurons that are silent, or that nothing depends on, are left out. */
function back({ matrix, biases }, error) {
  const length = matrix.length / biases.length;
  const sums = new Float64Array(length);
  for (let neuron = 0, row = 0; neuron < error.length; neuron += 1, row += length) {
    const value = error[neuron];
    for (let place = 0; value !== 0 && place < length; place += 1) {
      sums[place] += value * matrix[row + place];
    }
  }
  return sums;
}
