/** Forward through a network and back again, in double precision: what each neuron does, and what each input changes. */

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

/** W a + b; four sums at once keep the processor busy. */
function weightedSums({ matrix, biases }, values) {
  const length = values.length;
  const whole = length - (length % 4);
  const sums = Float64Array.from(biases);
  for (let neuron = 0, row = 0; neuron < sums.length; neuron += 1, row += length) {
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let place = 0; place < whole; place += 4) {
      s0 += matrix[row + place] * values[place];
      s1 += matrix[row + place + 1] * values[place + 1];
      s2 += matrix[row + place + 2] * values[place + 2];
      s3 += matrix[row + place + 3] * values[place + 3];
    }
    for (let place = whole; place < length; place += 1) {
      s0 += matrix[row + place] * values[place];
    }
    sums[neuron] += s0 + s1 + (s2 + s3);
  }
  return sums;
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
