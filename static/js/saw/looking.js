/** What a network saw in a picture, told bit by bit: layers at once, then the ink, then the smallest change. */

import { loadNetwork } from "../network/loading.js";
import { contributions } from "./contributions.js";
import { PicturedNetwork } from "./pictured_network.js";
import { largestOf, smallestChange } from "./smallest_change.js";

/**
 * @typedef {object} Question
 * @property {Uint8Array} picture 784 bytes
 * @property {?string} chosen a letter that is asked about beside the one that is read
 * @property {boolean} isSettled the drawing is whole; of one that grows only the layers are told
 */

export class Looking {
  #network;
  #asked = 0;

  /** `model`: {file, sha256} of the model in service. */
  constructor(model) {
    this.#network = loadNetwork(model).then((loaded) => new PicturedNetwork(loaded));
    this.#network.catch(() => null); // whoever asks is told
  }

  /**
   * Look at a picture; a later question takes the place of this one.
   * @param {Question} question
   * @param {(part: object) => void} tell is given {layers}, {ink}, {change}, or {error}, as each is known
   */
  async look(question, tell) {
    this.#asked += 1;
    const number = this.#asked;
    const isWanted = () => rest().then(() => number === this.#asked);
    try {
      const network = await this.#network;
      if (await isWanted()) {
        await tellAll({ network, question, tell, isWanted });
      }
    } catch (error) {
      tell({ error: error.message });
    }
  }
}

async function tellAll({ network, question: { picture, chosen, isSettled }, tell, isWanted }) {
  const { letters, doubt, paper } = network;
  const { hidden, logits } = network.layers(picture);
  const read = largestOf(logits);
  tell({ layers: { hidden, letters, read: letters[read], probabilities: doubt.probabilities(logits) } });
  const asked = letters.indexOf(chosen);
  const other = asked >= 0 && asked !== read ? asked : null;
  if (isSettled && (await isWanted())) {
    const of = (index) => ({ letter: letters[index], ...contributions(network, picture, index) });
    tell({ ink: { paper, read: of(read), other: other === null ? null : of(other) } });
    const change = await smallestChange(network, picture, other, isWanted);
    if (await isWanted()) {
      tell({ change: { wanted: other === null ? null : letters[other], paper, ...changedOf(network, change) } });
    }
  }
}

/** The changed picture, and what it is read as with which probability; nothing where none was found. */
function changedOf(network, change) {
  if (!change) {
    return { picture: null };
  }
  const probabilities = network.doubt.probabilities(network.read(change.picture));
  return { picture: change.picture, letter: network.letters[change.letter], probability: probabilities[change.letter] };
}

/** A moment in which messages come in. */
function rest() {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
