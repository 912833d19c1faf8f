/** Activations in place, with what backpropagation needs of them. The twin of training/core/activations.py. */

const ROOT = Math.sqrt(2 / Math.PI);
const CUBE = 0.044715;

/** z becomes σ(z), (1.1), and `derivative` σ'(z) = σ(z)(1 − σ(z)). */
function sigmoid(z, derivative) {
  for (let i = 0; i < z.length; i += 1) {
    const value = 1 / (1 + Math.exp(-z[i])); // (1.1)
    z[i] = value;
    derivative[i] = value * (1 - value);
  }
}

/** z becomes max(0, z), (2.11), and `derivative` 1 where z ≥ 0, else 0, (2.12). */
function relu(z, derivative) {
  for (let i = 0; i < z.length; i += 1) {
    derivative[i] = z[i] >= 0 ? 1 : 0; // (2.12): 1 at 0
    z[i] = z[i] > 0 ? z[i] : 0; // (2.11)
  }
}

/** z becomes z Φ(z) in its tanh form (Hendrycks, Gimpel 2016); beyond ±8 its slope is that at ±8. */
function gelu(z, derivative) {
  for (let i = 0; i < z.length; i += 1) {
    const bounded = Math.min(Math.max(z[i], -8), 8);
    const share = 0.5 * (1 + Math.tanh(ROOT * bounded * (1 + CUBE * bounded * bounded)));
    derivative[i] = share + bounded * share * (1 - share) * 2 * ROOT * (1 + 3 * CUBE * bounded * bounded);
    z[i] *= share;
  }
}

/** By a name: what makes a hidden layer's activations of its weighted sums z, in place, and their derivatives. */
export const HIDDEN = { sigmoid, relu, gelu };

/** z becomes exp(z_i) / Σ_j exp(z_j), (1.3); the maximum is taken off first. */
function softmax(z) {
  let [largest, sum] = [Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < z.length; i += 1) {
    largest = Math.max(largest, z[i]);
  }
  for (let i = 0; i < z.length; i += 1) {
    z[i] = Math.exp(z[i] - largest);
    sum += z[i];
  }
  for (let i = 0; i < z.length; i += 1) {
    z[i] /= sum;
  }
}

/** By a name: what makes the outputs a^L of one sample's last weighted sums, in place. */
export const OUTPUTS = { softmax, sigmoid: (z) => sigmoid(z, new Float64Array(z.length)) };
