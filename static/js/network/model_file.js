/** Model files: an .npz of a card and each layer's weights and biases, or packed. The twin of recognizer/core/model_file.py. */

import { NetworkError } from "./errors.js";
import { toFloats } from "./floats.js";
import { Network } from "./network.js";
import { readPacked } from "./packed_file.js";
import { WholeNetwork } from "./whole_network.js";
import { members } from "./zip.js";

const PACKED = "packed"; // the one member of a packed file
const HEADER_BYTES = 10; // of an array: magic, version 1.0, and the length of what follows before the values

/**
 * The network of a model file, in floats or in whole numbers, and its card.
 * @param {Uint8Array} bytes
 * @returns {{network: Network | WholeNetwork, card: object}}
 * @throws {NetworkError}
 */
export function networkOf(bytes) {
  const content = readModelFile(bytes);
  return { network: content.layers ? new WholeNetwork(content) : new Network(content), card: content.card };
}

/**
 * The card and the parameters of a model file, in float32 where it computes in floats.
 * @param {Uint8Array} bytes
 * @returns {{card: object, weights: Float32Array[], biases: Float32Array[]}} weights row by row, a row for each neuron
 * @throws {NetworkError}
 */
export function readModelFile(bytes) {
  try {
    const found = members(bytes);
    if (found.has(PACKED)) {
      return readPacked(found.get(PACKED));
    }
    const card = JSON.parse(new TextDecoder().decode(member(found, "card.json")));
    const layers = card.sizes.slice(1).map((neurons, index) => ({ neurons, inputs: card.sizes[index], number: index + 1 }));
    const values = (name, count) => toFloats(valuesOf(member(found, name)), card.precision, count);
    return {
      card,
      weights: layers.map(({ neurons, inputs, number }) => values(`weights_${number}.npy`, neurons * inputs)),
      biases: layers.map(({ neurons, number }) => values(`biases_${number}.npy`, neurons)),
    };
  } catch (error) {
    throw error instanceof NetworkError ? error : new NetworkError(`The model file is damaged: ${error.message}`);
  }
}

function member(found, name) {
  if (!found.has(name)) {
    throw new NetworkError(`The model file has no ${name}.`);
  }
  return found.get(name);
}

/** The values of an array as they are stored. */
function valuesOf(array) {
  const length = array[8] + 256 * array[9];
  return array.subarray(HEADER_BYTES + length);
}
