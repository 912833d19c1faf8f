/**
 * Costs and the error of the output layer, δ^L = ∂C_x/∂z^L (1.16), of one sample. The twin of training/core/costs.py.
 *
 * `a` are the outputs, `right` is the place of the letter that they should name: its target is 1, all others' 0.
 */

const TINY = 2 ** -1022; // the smallest normal number: a probability of 0 has a finite logarithm

const aboveZero = (value) => Math.max(value, TINY);

/** (1.4): ‖y − a‖² / 2. */
function quadratic(a, right) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) {
    sum += (a[i] - (i === right ? 1 : 0)) ** 2;
  }
  return sum / 2;
}

/** −ln of the right letter's probability. */
function crossEntropy(a, right) {
  return -Math.log(aboveZero(a[right]));
}

/** (1.22), summed over the outputs as in (2.3). */
function binaryCrossEntropy(a, right) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) {
    sum -= Math.log(aboveZero(i === right ? a[i] : 1 - a[i]));
  }
  return sum;
}

/** C_x of one sample, by the cost's name. */
export const SAMPLE_COSTS = {
  quadratic,
  "cross-entropy": crossEntropy,
  "binary-cross-entropy": binaryCrossEntropy,
};

/** δ = a − y, (1.25) and (1.26): cross-entropy with softmax, and (1.22) with sigmoid outputs. */
function difference(a, right, delta) {
  for (let i = 0; i < a.length; i += 1) {
    delta[i] = a[i] - (i === right ? 1 : 0);
  }
}

/** (1.17), (1.18): δ = (a − y) ⊙ σ'(z), with σ'(z) = a(1 − a). */
function quadraticSigmoid(a, right, delta) {
  difference(a, right, delta);
  for (let i = 0; i < a.length; i += 1) {
    delta[i] *= a[i] * (1 - a[i]);
  }
}

/** δ_i = a_i (g_i − Σ_j g_j a_j), g = a − y: the exact one, since softmax is not elementwise. */
function quadraticSoftmax(a, right, delta) {
  difference(a, right, delta);
  for (let i = 0; i < a.length; i += 1) {
    delta[i] *= a[i];
  }
  takeShareOff(a, delta);
}

/** The same with g = (a − y) / (a(1 − a)), written so that a = 0 needs no division by it. */
function binarySoftmax(a, right, delta) {
  difference(a, right, delta);
  for (let i = 0; i < a.length; i += 1) {
    delta[i] /= aboveZero(1 - a[i]);
  }
  takeShareOff(a, delta);
}

/** δ − a Σ δ. */
function takeShareOff(a, delta) {
  const sum = delta.reduce((total, value) => total + value, 0);
  for (let i = 0; i < a.length; i += 1) {
    delta[i] -= a[i] * sum;
  }
}

const OUTPUT_ERRORS = {
  "cross-entropy softmax": difference,
  "binary-cross-entropy sigmoid": difference,
  "binary-cross-entropy softmax": binarySoftmax,
  "quadratic sigmoid": quadraticSigmoid,
  "quadratic softmax": quadraticSoftmax,
};

/**
 * What computes δ^L: `exact` for this output, or `elementwise`, (1.17) whatever the output is.
 * @returns {(a: Float64Array, right: number, delta: Float64Array) => void}
 */
export function outputError(cost, output, kind) {
  return OUTPUT_ERRORS[`${cost} ${kind === "elementwise" ? "sigmoid" : output}`];
}
