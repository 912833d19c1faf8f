/** One mini-batch in slow motion: a mini-batch of one drawing, every value of the way forward, back and of the update. */

import { Backpropagation } from "../training/backpropagation.js";
import { SAMPLE_COSTS } from "../training/costs.js";
import { descend } from "../training/descent.js";
import { length, zeros } from "../training/parameters.js";

/**
 * The trainer's network is left as it is: the update is done on a copy.
 * @param {import("../training/trainer.js").Trainer} trainer
 * @param {Uint8Array} input
 * @param {number} label the letter that it should be
 * @param {number} samples n of λ/n
 */
export function walk(trainer, input, label, samples) {
  const { recipe } = trainer;
  const layers = trainer.layers.map(({ weights, biases, ...sizes }) => ({ ...sizes, weights: weights.slice(), biases: biases.slice() }));
  const gradients = zeros([layers[0].inputs, ...layers.map(({ neurons }) => neurons)]);
  const passes = new Backpropagation(layers, recipe, 1);
  passes.inputs.set(Float64Array.from(input, (byte) => byte / 255));
  const sums = layers.map((layer, index) => weightedSum(layer, passes, index));
  passes.forward();
  const costOf = () => SAMPLE_COSTS[recipe.cost](passes.activations.at(-1), label);
  const before = { cost: costOf(), outputs: Array.from(passes.activations.at(-1)) };
  passes.backward([label], gradients);
  const way = layers.map((layer, index) => ({
    z: sums[index](),
    a: Array.from(passes.activations[index + 1]),
    slope: Array.from(passes.derivatives[index]),
    delta: Array.from(passes.deltas[index]),
    gradient: length(gradients[index].weights),
  }));
  const example = largest(gradients.at(-1), layers.at(-1));
  descend(layers, gradients, recipe, { batch: 1, samples });
  passes.forward();
  const after = { cost: costOf(), outputs: Array.from(passes.activations.at(-1)), weight: layers.at(-1).weights[example.place] };
  return { input, label, layers: way, before, after, example, samples, learningRate: recipe.learningRate, l2: recipe.l2, recipe };
}

/** The weighted sums of a layer, asked for once its inputs are there: forward overwrites them. */
function weightedSum({ inputs, neurons, weights, biases }, passes, index) {
  return () =>
    Array.from(biases, (bias, neuron) => {
      let sum = bias;
      for (let input = 0; input < inputs; input += 1) {
        sum += weights[input * neurons + neuron] * passes.activations[index][input];
      }
      return sum;
    });
}

/** The weight that the update changes most: where it is, its value and its gradient. */
function largest({ weights: gradient, neurons }, { weights }) {
  let place = 0;
  for (let other = 1; other < gradient.length; other += 1) {
    place = Math.abs(gradient[other]) > Math.abs(gradient[place]) ? other : place;
  }
  return { place, from: Math.floor(place / neurons), to: place % neurons, weight: weights[place], gradient: gradient[place] };
}
