/**
 * A network that computes in whole numbers, from the input's bytes to its logits. The twin of
 * recognizer/core/precision/integer.py, integer for integer: docs/precisions.md has the arithmetic.
 */

const TOP = 255;

export class WholeNetwork {
  #layers;
  #logitScale;

  /** @param {{layers: object[], logitScale: number}} content as `readPacked` gives it */
  constructor({ layers, logitScale }) {
    this.#layers = layers;
    this.#logitScale = logitScale;
  }

  /**
   * The last hidden layer (0…255) and the logits of an input as an ink specification makes it: bytes.
   * @returns {{hidden: Float32Array, logits: Float32Array}}
   */
  lastLayers(input) {
    const { hidden, logits } = this.wholeLayers(input);
    return { hidden: Float32Array.from(hidden), logits: Float32Array.from(logits, (logit) => logit * this.#logitScale) };
  }

  /** Logits (classes) of an input. */
  logits(input) {
    return this.lastLayers(input).logits;
  }

  /** The same in whole numbers, before they are scaled. */
  wholeLayers(input) {
    let hidden = Uint8Array.from(input);
    for (const layer of this.#layers.slice(0, -1)) {
      const { table } = layer;
      hidden = Uint8Array.from(scaledSums(layer, hidden), (y) => {
        const clipped = Math.min(Math.max(y, 0), TOP);
        return table ? table[clipped] : clipped;
      });
    }
    return { hidden, logits: scaledSums(this.#layers.at(-1), hidden) };
  }
}

/** ⌊(sum · multiplier + ½ 2^shift) / 2^shift⌋ of each neuron: products have at most 41 bits, and a double has 53. */
function scaledSums({ weights, biases, multipliers, shifts }, values) {
  return Array.from(biases, (bias, neuron) => {
    const sum = bias + product(weights, neuron * values.length, values);
    const power = 2 ** shifts[neuron];
    return Math.floor((sum * multipliers[neuron] + Math.floor(power / 2)) / power);
  });
}

/** Σ w a of a row: it stays below 2²⁴. */
function product(weights, row, values) {
  let sum = 0;
  for (let place = 0; place < values.length; place += 1) {
    sum += weights[row + place] * values[place];
  }
  return sum;
}
