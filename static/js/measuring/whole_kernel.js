/** A network in whole numbers for many images at once, in JavaScript: integer for integer what whole_network.js computes. */

import { Answers } from "./answers.js";

const TOP = 255;

export class WholeKernel {
  #layers;
  #pool;
  #buffers;
  #sums;
  #answers;

  /**
   * @param {{card: object, layers: object[], logitScale: number}} content as `readModelFile` gives it
   * @param {Uint8Array} images (n, inputs) one after the other, as an ink specification makes them
   * @param {number} most images that are read at once
   */
  constructor({ card: { sizes }, layers, logitScale }, images, most) {
    this.#layers = layers.map((layer, index) => ({ ...layer, inputs: sizes[index], halves: halvesOf(layer.shifts) }));
    this.#pool = images;
    this.#buffers = sizes.slice(1, -1).map((size) => new Uint8Array(size * most));
    this.#sums = new Int32Array(Math.max(...sizes.slice(1)) * most);
    this.#answers = new Answers(sizes.at(-1), logitScale);
  }

  /** The letters of `count` images from the first one on, into `letters`. */
  read(first, count, letters) {
    const inputs = this.#layers[0].inputs;
    let values = this.#pool.subarray(first * inputs, (first + count) * inputs);
    this.#layers.forEach((layer, index) => {
      multiply(layer, values, this.#sums, count);
      if (index < this.#layers.length - 1) {
        (layer.table ? lookUp : shift)(layer, this.#sums, this.#buffers[index], count);
        values = this.#buffers[index];
      }
    });
    scale(this.#layers.at(-1), this.#sums, count);
    this.#answers.read(this.#sums, count, letters);
  }
}

/** ½ 2^shift, rounded down. */
function halvesOf(shifts) {
  return Float64Array.from(shifts, (bits) => Math.floor(2 ** bits / 2));
}

/** Σ w a + b of each image, in whole numbers below 2²⁴. */
function multiply({ weights, biases, inputs }, values, sums, count) {
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
        s0 = (s0 + Math.imul(weights[r0 + place], value)) | 0;
        s1 = (s1 + Math.imul(weights[r1 + place], value)) | 0;
        s2 = (s2 + Math.imul(weights[r2 + place], value)) | 0;
        s3 = (s3 + Math.imul(weights[r3 + place], value)) | 0;
      }
      sums[target + neuron] = s0;
      sums[target + neuron + 1] = s1;
      sums[target + neuron + 2] = s2;
      sums[target + neuron + 3] = s3;
    }
    for (let neuron = whole; neuron < neurons; neuron += 1) {
      let sum = biases[neuron];
      for (let place = 0; place < inputs; place += 1) {
        sum = (sum + Math.imul(weights[neuron * inputs + place], values[start + place])) | 0;
      }
      sums[target + neuron] = sum;
    }
  }
}

/** ReLU's layers: ⌊(sum + ½ 2^shift) / 2^shift⌋, cut to 0…255. */
function shift({ shifts, halves }, sums, values, count) {
  const neurons = shifts.length;
  for (let image = 0, place = 0; image < count; image += 1) {
    for (let neuron = 0; neuron < neurons; neuron += 1, place += 1) {
      const y = (sums[place] + halves[neuron]) >> shifts[neuron];
      values[place] = y < 0 ? 0 : y > TOP ? TOP : y;
    }
  }
}

/** Layers with a table: ⌊(sum · multiplier + ½ 2^shift) / 2^shift⌋, cut to 0…255 and looked up. */
function lookUp({ multipliers, shifts, halves, table }, sums, values, count) {
  const neurons = shifts.length;
  for (let image = 0, place = 0; image < count; image += 1) {
    for (let neuron = 0; neuron < neurons; neuron += 1, place += 1) {
      const y = Math.floor((sums[place] * multipliers[neuron] + halves[neuron]) / 2 ** shifts[neuron]);
      values[place] = table[y < 0 ? 0 : y > TOP ? TOP : y];
    }
  }
}

/** The last layer's scores, in place. */
function scale({ multipliers, shifts, halves }, sums, count) {
  const neurons = shifts.length;
  for (let image = 0, place = 0; image < count; image += 1) {
    for (let neuron = 0; neuron < neurons; neuron += 1, place += 1) {
      sums[place] = Math.floor((sums[place] * multipliers[neuron] + halves[neuron]) / 2 ** shifts[neuron]);
    }
  }
}
