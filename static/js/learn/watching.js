/** What can be seen of a network while it learns: pictures of its first weights, and how its neurons are spread. */

const BINS = 20;
const MOST_PICTURES = 64;
const RANGES = { sigmoid: [0, 1], relu: [0, 4], gelu: [-0.5, 4] };
const SATURATED = 0.02; // a sigmoid nearer than this to 0 or 1 has nearly no slope

/**
 * The weights of the first neurons as bytes, 128 being 0, each neuron by its own largest.
 * @returns {{count: number, bytes: Uint8Array}} one picture of `inputs` bytes after the other
 */
export function weightPictures({ inputs, neurons, weights }) {
  const count = Math.min(neurons, MOST_PICTURES);
  const bytes = new Uint8Array(count * inputs);
  for (let neuron = 0; neuron < count; neuron += 1) {
    let largest = 1e-12;
    for (let input = 0; input < inputs; input += 1) {
      largest = Math.max(largest, Math.abs(weights[input * neurons + neuron]));
    }
    for (let input = 0; input < inputs; input += 1) {
      bytes[neuron * inputs + input] = Math.round(128 + (127 * weights[input * neurons + neuron]) / largest);
    }
  }
  return { count, bytes };
}

/**
 * How the activations of each hidden layer are spread over the last mini-batch.
 * @returns {{range: number[], shares: number[], idle: number}[]} shares of `BINS` bins; idle: of those that pass no error
 *   on, saturated or silent
 */
export function histogram(trainer, samples) {
  const { activation } = trainer.recipe;
  const range = RANGES[activation];
  return trainer.layers.slice(0, -1).map(({ neurons }, index) => {
    const values = trainer.passes.activations[index + 1].subarray(0, samples * neurons);
    const slopes = trainer.passes.derivatives[index].subarray(0, samples * neurons);
    const shares = new Array(BINS).fill(0);
    let idle = 0;
    values.forEach((value, place) => {
      const bin = Math.floor(((value - range[0]) / (range[1] - range[0])) * BINS);
      shares[Math.min(Math.max(bin, 0), BINS - 1)] += 1 / values.length;
      idle += (activation === "sigmoid" ? slopes[place] < SATURATED : Math.abs(slopes[place]) < 1e-3) ? 1 / values.length : 0;
    });
    return { range, shares, idle };
  });
}
