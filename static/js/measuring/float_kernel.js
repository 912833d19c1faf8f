/** A network in 32-bit floats for many images at once, in JavaScript. */

import { ACTIVATIONS } from "../network/activations.js";
import { Answers } from "./answers.js";

export class FloatKernel {
  #layers;
  #pool;
  #buffers;
  #answers;
  #activation;

  /**
   * @param {{card: object, weights: Float32Array[], biases: Float32Array[]}} content as `readModelFile` gives it
   * @param {Uint8Array} images (n, inputs) one after the other, as an ink specification makes them
   * @param {number} most images that are read at once
   */
  constructor({ card, weights, biases }, images, most) {
    const { sizes, activation } = card;
    this.#layers = weights.map((matrix, index) => ({ matrix, biases: biases[index], inputs: sizes[index] }));
    this.#pool = Float32Array.from(images, (byte) => byte / 255);
    this.#buffers = sizes.slice(1).map((size) => new Float32Array(size * most));
    this.#answers = new Answers(sizes.at(-1));
    this.#activation = ACTIVATIONS[activation];
  }

  /** The letters of `count` images from the first one on, into `letters`. */
  read(first, count, letters) {
    const inputs = this.#layers[0].inputs;
    let values = this.#pool.subarray(first * inputs, (first + count) * inputs);
    this.#layers.forEach((layer, index) => {
      const sums = this.#buffers[index];
      multiply(layer, values, sums, count);
      if (index < this.#layers.length - 1) {
        activate(this.#activation, sums, count * layer.biases.length);
      }
      values = sums;
    });
    this.#answers.read(values, count, letters);
  }
}

/** Put an activation on the first values of an array. */
export function activate(activation, values, count) {
  for (let place = 0; place < count; place += 1) {
    values[place] = activation(values[place]);
  }
}

/** W a + b of each image. Four neurons at once keep the processor busy, and take each value once. */
function multiply({ matrix, biases, inputs }, values, sums, count) {
  const neurons = biases.length;
  const whole = neurons - (neurons % 4);
  for (let image = 0; image < count; image += 1) {
    const start = image * inputs;
    const target = image * neurons;
    for (let neuron = 0; neuron < whole; neuron += 4) {
      let [s0, s1, s2, s3] = [biases[neuron], biases[neuron + 1], biases[neuron + 2], biases[neuron + 3]];
      const r0 = neuron * inputs;
      const [r1, r2, r3] = [r0 + inputs, r0 + 2 * inputs, r0 + 3 * inputs];
      for (let place = 0; place < inputs; place += 1) {
        const value = values[start + place];
        s0 += matrix[r0 + place] * value;
        s1 += matrix[r1 + place] * value;
        s2 += matrix[r2 + place] * value;
        s3 += matrix[r3 + place] * value;
      }
      sums[target + neuron] = s0;
      sums[target + neuron + 1] = s1;
      sums[target + neuron + 2] = s2;
      sums[target + neuron + 3] = s3;
    }
    for (let neuron = whole; neuron < neurons; neuron += 1) {
      let sum = biases[neuron];
      for (let place = 0; place < inputs; place += 1) {
        sum += matrix[neuron * inputs + place] * values[start + place];
      }
      sums[target + neuron] = sum;
    }
  }
}
