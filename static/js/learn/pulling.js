/**
 * Which training pictures pulled most towards a wrong reading: by the gradients of the last layer, which of them oppose.
 *
 * A step on training picture i changes the cost of picture x by −η ⟨g_i, g_x⟩ (to first order; TracIn, Pruthi et al. 2020,
 * at the last layer). There g is the product of error and activations, so ⟨g_i, g_x⟩ = ⟨δ_i, δ_x⟩ (1 + ⟨a_i, a_x⟩), the 1
 * for the biases. The most negative ones raise the cost of x most.
 */

import { best } from "../training/trainer.js";
import { outputError } from "../training/costs.js";

const COUNT = 6;

const dot = (one, other) => one.reduce((sum, value, place) => sum + value * other[place], 0);

/**
 * @returns {{number: number, pull: number, read: number}[]} training pictures that pulled, strongest first
 */
export function pulling(trainer, samples, input, label) {
  const { cost, output, outputError: kind } = trainer.recipe;
  const errorOf = outputError(cost, output, kind);
  const gradient = (picture, right) => {
    const { outputs, hidden } = trainer.read(picture);
    const delta = new Float64Array(outputs.length);
    errorOf(outputs, right, delta);
    return { delta, hidden, read: best(outputs) };
  };
  const own = gradient(input, label);
  const length = input.length;
  const found = Array.from(samples.labels, (right, number) => {
    const { delta, hidden, read } = gradient(samples.inputs.subarray(number * length, (number + 1) * length), right);
    return { number, read, pull: -dot(delta, own.delta) * (1 + dot(hidden, own.hidden)) };
  });
  return found.filter(({ pull }) => pull > 0).sort((one, other) => other.pull - one.pull).slice(0, COUNT);
}
