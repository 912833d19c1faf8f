/** Activations of hidden layers, and softmax. The twin of recognizer/core/activations.py. */

const ROOT = Math.sqrt(2 / Math.PI);
const CUBE = 0.044715;

/** 1 / (1 + e⁻ᶻ). */
function sigmoid(z) {
  return 0.5 * (Math.tanh(0.5 * z) + 1);
}

/** max(0, z). */
function relu(z) {
  return Math.max(0, z);
}

/** z Φ(z), Φ being the standard normal distribution, by its tanh form. */
function gelu(z) {
  const inner = Math.min(Math.max(z, -8), 8);
  return 0.5 * z * (1 + Math.tanh(inner * ROOT * (1 + CUBE * inner * inner)));
}

/** Activations by name. */
export const ACTIVATIONS = { sigmoid, relu, gelu };

/** Probabilities from logits: eᶻ over the sum of all; the largest logit is taken from all first. */
export function softmax(logits) {
  const largest = Math.max(...logits);
  const powers = Array.from(logits, (z) => Math.exp(z - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
