/**
 * Forward pass and backpropagation (thesis 1.6) of mini-batches. The twin of training/core/backpropagation.py.
 *
 * Samples lie one after the other, and so do the values of each layer: a layer's buffers hold `samples · neurons` numbers.
 */

import { HIDDEN, OUTPUTS } from "./activations.js";
import { outputError } from "./costs.js";

export class Backpropagation {
  #layers; // of parameters
  #activate;
  #outputs;
  #error;
  #samples;

  /**
   * @param {import("./parameters.js").LayerParameters[]} layers read by `forward` and `backward`
   * @param {{activation: string, output: string, cost: string, outputError: string}} recipe
   * @param {number} samples the most of one mini-batch
   */
  constructor(layers, recipe, samples) {
    this.#layers = layers;
    this.#activate = HIDDEN[recipe.activation];
    this.#outputs = OUTPUTS[recipe.output];
    this.#error = outputError(recipe.cost, recipe.output, recipe.outputError);
    this.#samples = samples;
    const buffers = () => layers.map(({ neurons }) => new Float64Array(samples * neurons));
    /** What each layer is given, the network's inputs first; the last are its outputs a^L. */
    this.activations = [new Float64Array(samples * layers[0].inputs), ...buffers()];
    /** Of the activation at z, layer by layer; the last is not used. */
    this.derivatives = buffers();
    /** δ = ∂C_x/∂z (1.16), layer by layer. */
    this.deltas = buffers();
  }

  /** The place of mini-batch's inputs (samples · inputs), to be filled before `forward`. */
  get inputs() {
    return this.activations[0];
  }

  /** Outputs a^L (samples · classes) of the first `samples` inputs. */
  forward(samples = this.#samples) {
    const last = this.#layers.length - 1;
    this.#layers.forEach((layer, index) => {
      const z = this.activations[index + 1].subarray(0, samples * layer.neurons);
      weightedSums(layer, this.activations[index], z, samples);
      if (index < last) {
        this.#activate(z, this.derivatives[index]); // (1.2)
      }
    });
    const { neurons } = this.#layers[last];
    const outputs = this.activations[last + 1];
    for (let sample = 0; sample < samples; sample += 1) {
      this.#outputs(outputs.subarray(sample * neurons, (sample + 1) * neurons)); // (1.1) or (1.3)
    }
    return outputs;
  }

  /**
   * Backpropagation of the mini-batch that went forward last: its gradients, summed over its samples, replace those in
   * `gradients`.
   * @param {ArrayLike<number>} labels the right class of each sample
   * @param {import("./parameters.js").LayerParameters[]} gradients
   */
  backward(labels, gradients, samples = this.#samples) {
    this.#outputErrors(labels, samples);
    for (let index = this.#layers.length - 1; index >= 0; index -= 1) {
      const delta = this.deltas[index];
      sumOver(delta, gradients[index].biases, samples); // (1.20)
      products(this.activations[index], delta, gradients[index], samples); // (1.21)
      if (index > 0) {
        back(this.#layers[index], delta, this.deltas[index - 1], samples);
        scale(this.deltas[index - 1], this.derivatives[index - 1]); // (1.19)
      }
    }
  }

  /** δ^L (1.16) of each sample. */
  #outputErrors(labels, samples) {
    const [outputs, deltas] = [this.activations.at(-1), this.deltas.at(-1)];
    const { neurons } = this.#layers.at(-1);
    for (let sample = 0; sample < samples; sample += 1) {
      const [first, end] = [sample * neurons, (sample + 1) * neurons];
      this.#error(outputs.subarray(first, end), labels[sample], deltas.subarray(first, end));
    }
  }
}

/** z = w a + b, the sum in (1.2), of each sample; inputs that are 0 are left out. */
function weightedSums({ inputs, neurons, weights, biases }, a, z, samples) {
  for (let sample = 0; sample < samples; sample += 1) {
    const row = z.subarray(sample * neurons, (sample + 1) * neurons);
    row.set(biases);
    for (let input = 0, place = sample * inputs; input < inputs; input += 1, place += 1) {
      if (a[place] !== 0) {
        addTo(row, weights, input * neurons, a[place]);
      }
    }
  }
}

/** row += factor · values[first …]. */
function addTo(row, values, first, factor) {
  for (let i = 0; i < row.length; i += 1) {
    row[i] += factor * values[first + i];
  }
}

/** ∂C/∂b = Σ δ over the samples, (1.20). */
function sumOver(delta, sums, samples) {
  sums.fill(0);
  for (let sample = 0; sample < samples; sample += 1) {
    addTo(sums, delta, sample * sums.length, 1);
  }
}

/** ∂C/∂w = Σ a δ over the samples, (1.21). */
function products(a, delta, { inputs, neurons, weights }, samples) {
  weights.fill(0);
  for (let sample = 0; sample < samples; sample += 1) {
    for (let input = 0, place = sample * inputs; input < inputs; input += 1, place += 1) {
      if (a[place] !== 0) {
        addTo(weights.subarray(input * neurons, (input + 1) * neurons), delta, sample * neurons, a[place]);
      }
    }
  }
}

/** Wᵀδ, the sum in (1.19), of each sample. */
function back({ inputs, neurons, weights }, delta, below, samples) {
  for (let sample = 0; sample < samples; sample += 1) {
    for (let input = 0, row = 0; input < inputs; input += 1, row += neurons) {
      let sum = 0;
      for (let neuron = 0; neuron < neurons; neuron += 1) {
        sum += weights[row + neuron] * delta[sample * neurons + neuron];
      }
      below[sample * inputs + input] = sum;
    }
  }
}

function scale(values, factors) {
  for (let place = 0; place < values.length; place += 1) {
    values[place] *= factors[place];
  }
}
