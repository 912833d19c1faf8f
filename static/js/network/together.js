/** The forward pass of several inputs at once: each weight is fetched once for four of them. */

import { ACTIVATIONS } from "./activations.js";

const AT_ONCE = 4;

export class NetworkTogether {
  #network;

  /** @param {import("./network.js").Network | import("./whole_network.js").WholeNetwork} network */
  constructor(network) {
    this.#network = network;
  }

  /**
   * What `network.lastLayers` gives for each of the inputs, up to the rounding of sums.
   * @param {Uint8Array[]} inputs
   */
  lastLayersOfAll(inputs) {
    if (!this.#network.layers) {
      return inputs.map((input) => this.#network.lastLayers(input)); // it computes in whole numbers
    }
    const starts = inputs.flatMap((_, number) => (number % AT_ONCE ? [] : [number]));
    return starts.flatMap((start) => lastLayersOfSome(this.#network, inputs.slice(start, start + AT_ONCE)));
  }
}

/** The same for at most four. */
function lastLayersOfSome(network, inputs) {
  const activation = ACTIVATIONS[network.activation];
  let hidden = inputs.map((input) => Float32Array.from(input, (byte) => byte / 255));
  for (const layer of network.layers.slice(0, -1)) {
    hidden = outputsOf(layer, hidden).map((outputs) => outputs.map(activation));
  }
  const logits = outputsOf(network.layers.at(-1), hidden);
  return hidden.map((each, number) => ({ hidden: each, logits: logits[number] }));
}

/** W a + b of each. Places where all are 0, as paper is, are left out. */
function outputsOf({ matrix, biases }, values) {
  const { length } = values[0];
  const places = Uint32Array.from(values[0].keys()).filter((place) => values.some((each) => each[place] !== 0));
  const packed = new Float64Array(AT_ONCE * places.length);
  values.forEach((each, number) => places.forEach((place, index) => {
    packed[AT_ONCE * index + number] = each[place];
  }));
  const sums = Array.from({ length: AT_ONCE }, () => new Float32Array(biases.length));
  for (let neuron = 0; neuron < biases.length; neuron += 1) {
    addRow(sums, neuron, { matrix, row: neuron * length, places, packed, bias: biases[neuron] });
  }
  return sums.slice(0, values.length);
}

function addRow(sums, neuron, { matrix, row, places, packed, bias }) {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let index = 0, at = 0; index < places.length; index += 1, at += AT_ONCE) {
    const weight = matrix[row + places[index]];
    s0 += weight * packed[at];
    s1 += weight * packed[at + 1];
    s2 += weight * packed[at + 2];
    s3 += weight * packed[at + 3];
  }
  [s0, s1, s2, s3].forEach((sum, number) => {
    sums[number][neuron] = bias + sum;
  });
}
