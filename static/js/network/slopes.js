/** Activations of hidden layers with their derivatives. Beside activations.js, for those who go back through a network. */

const ROOT = Math.sqrt(2 / Math.PI);
const CUBE = 0.044715;

function sigmoid(z) {
  const value = 0.5 * (Math.tanh(0.5 * z) + 1);
  return [value, value * (1 - value)];
}

function relu(z) {
  return z > 0 ? [z, 1] : [0, 0];
}

function gelu(z) {
  const inner = Math.min(Math.max(z, -8), 8);
  const share = Math.tanh(inner * ROOT * (1 + CUBE * inner * inner));
  const slope = 0.5 * z * (1 - share * share) * ROOT * (1 + 3 * CUBE * inner * inner);
  return [0.5 * z * (1 + share), 0.5 * (1 + share) + slope];
}

/** By an activation's name: a function that gives its value at z, and its derivative there. */
export const SLOPES = { sigmoid, relu, gelu };
