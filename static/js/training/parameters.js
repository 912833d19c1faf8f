/** All that is learned: weights and biases, layer by layer. The twin of training/core/parameters.py and initializers.py. */

/**
 * @typedef {object} LayerParameters
 * @property {number} inputs
 * @property {number} neurons
 * @property {Float64Array} weights by input: those of input i, one for each neuron, begin at i · neurons, so that an input
 *   that is 0 (paper, a silent neuron) leaves out a whole row
 * @property {Float64Array} biases one for each neuron
 */

/** Standard deviation of a layer's weights from its (inputs, neurons), and of its biases; the mean is 0. */
const INITIALIZERS = {
  normal: { weights: () => 1, biases: 1 },
  "scaled-normal": { weights: (inputs) => 1 / Math.sqrt(inputs), biases: 1 }, // thesis 2.10
  he: { weights: (inputs) => Math.sqrt(2 / inputs), biases: 0 }, // He et al. 2015, (10)
  glorot: { weights: (inputs, neurons) => Math.sqrt(2 / (inputs + neurons)), biases: 0 }, // Glorot, Bengio 2010, (12)
};

/**
 * Parameters of a network of these sizes, inputs first and classes last: all 0.
 * @returns {LayerParameters[]}
 */
export function zeros(sizes) {
  return sizes.slice(1).map((neurons, index) => ({
    inputs: sizes[index],
    neurons,
    weights: new Float64Array(sizes[index] * neurons),
    biases: new Float64Array(neurons),
  }));
}

/** Parameters as an initializer draws them. */
export function initialized(sizes, initializer, random) {
  const { weights, biases } = INITIALIZERS[initializer];
  const layers = zeros(sizes);
  for (const layer of layers) {
    fill(layer.weights, weights(layer.inputs, layer.neurons), random);
    fill(layer.biases, biases, random);
  }
  return layers;
}

function fill(values, deviation, random) {
  for (let place = 0; place < values.length; place += 1) {
    values[place] = deviation && deviation * random.normal();
  }
}

/** The length of a layer's gradient, √Σ g², over its weights. */
export function length(values) {
  let sum = 0;
  for (let place = 0; place < values.length; place += 1) {
    sum += values[place] * values[place];
  }
  return Math.sqrt(sum);
}
