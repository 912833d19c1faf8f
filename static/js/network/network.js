/** A fully connected network that has been trained: the forward pass. The twin of recognizer/core/network.py. */

import { ACTIVATIONS } from "./activations.js";
import { NetworkError } from "./errors.js";

export class Network {
  #layers;
  #activation;

  /**
   * Layers a' = activation(W a + b); the last one gives logits.
   * @param {{card: object, weights: Float32Array[], biases: Float32Array[]}} content as `readModelFile` gives it
   * @throws {NetworkError} Its activation is not known here.
   */
  constructor({ card, weights, biases }) {
    if (!Object.hasOwn(ACTIVATIONS, card.activation)) {
      throw new NetworkError(`The activation ${card.activation} is not known here.`);
    }
    this.#activation = ACTIVATIONS[card.activation];
    this.activation = card.activation;
    this.#layers = weights.map((matrix, index) => ({ matrix, biases: biases[index] }));
  }

  /**
   * The last hidden layer and the logits (classes) of an input as an ink specification makes it: bytes.
   * @returns {{hidden: Float32Array, logits: Float32Array}}
   */
  lastLayers(input) {
    let hidden = Float32Array.from(input, (byte) => byte / 255);
    for (const layer of this.#layers.slice(0, -1)) {
      hidden = outputsOf(layer, hidden).map(this.#activation);
    }
    return { hidden, logits: outputsOf(this.#layers.at(-1), hidden) };
  }

  /** The parameters, layer by layer: {matrix, biases}, the matrix row by row. */
  get layers() {
    return this.#layers;
  }

  /** Logits (classes) of an input. */
  logits(input) {
    return this.lastLayers(input).logits;
  }
}

/** W a + b. Sums are in double precision, whose rounding is finer than that of any order of float32 sums. */
function outputsOf({ matrix, biases }, values) {
  const length = values.length;
  const used = placesOf(values);
  const isSparse = 2 * used.length < length; // paper is 0, and so is what relu cuts off
  return biases.map((bias, neuron) => {
    const row = neuron * length;
    return isSparse ? bias + sumOf(matrix, row, values, used) : bias + product(matrix, row, values);
  });
}

/** Where values are not 0. */
function placesOf(values) {
  const places = new Uint32Array(values.length);
  let count = 0;
  for (let place = 0; place < values.length; place += 1) {
    if (values[place] !== 0) {
      places[count] = place;
      count += 1;
    }
  }
  return places.subarray(0, count);
}

/** The product of a row and the values, of which only some are not 0. */
function sumOf(matrix, row, values, used) {
  let sum = 0;
  for (let i = 0; i < used.length; i += 1) {
    sum += matrix[row + used[i]] * values[used[i]];
  }
  return sum;
}

/** The product of a row and the values; four sums at once keep the processor busy. */
export function product(matrix, row, values) {
  const whole = values.length - (values.length % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    s0 += matrix[row + i] * values[i];
    s1 += matrix[row + i + 1] * values[i + 1];
    s2 += matrix[row + i + 2] * values[i + 2];
    s3 += matrix[row + i + 3] * values[i + 3];
  }
  for (let i = whole; i < values.length; i += 1) {
    s0 += matrix[row + i] * values[i];
  }
  return s0 + s1 + (s2 + s3);
}
