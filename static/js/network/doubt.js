/** What a network admits not to know. The twin of recognizer/core/doubt.py. */

import { softmax } from "./activations.js";

const TWINS = { З: "3", О: "0", Ч: "4", Б: "6" }; // as in recognizer/core/alphabet.py

export class Doubt {
  #temperature;
  #threshold;
  #kinds;

  /** The doubt of a model by its card; a card that has none changes nothing. */
  constructor({ recipe }) {
    const { temperature = 1, threshold = null, non_letters: kinds = {} } = recipe?.doubt ?? {};
    this.#temperature = temperature;
    this.#threshold = threshold;
    this.#kinds = Object.values(kinds).map(({ bias, scale, weights }) => ({
      bias,
      weights: Float64Array.from(wholeNumbers(weights), (value) => value * scale),
    }));
  }

  /** What logits are divided by before the softmax. */
  get temperature() {
    return this.#temperature;
  }

  /** Calibrated probabilities from logits. */
  probabilities(logits) {
    return softmax(Array.from(logits, (z) => z / this.#temperature));
  }

  /**
   * How like a letter a drawing is.
   * @param {{hidden: Float32Array, logits: Float32Array}} layers of a network, as `Network.lastLayers` gives them
   */
  score({ hidden, logits }) {
    const letters = logSumExp(Array.from(logits, (z) => z / this.#temperature));
    return this.#kinds.length ? letters - logSumExp(this.#kinds.map((kind) => logit(kind, hidden))) : letters;
  }

  /** Whether a drawing looks like no letter. */
  refuses(layers) {
    return this.isTooLittle(this.score(layers));
  }

  /** The same by the score. */
  isTooLittle(score) {
    return this.#threshold !== null && score < this.#threshold;
  }
}

/** The digit that is written like a letter, unless the model tells them apart; null for most. */
export function twinOf(letter, letters) {
  const digit = TWINS[letter] ?? null;
  return digit && !letters.includes(digit) ? digit : null;
}

function logit({ bias, weights }, hidden) {
  let sum = bias;
  for (let place = 0; place < weights.length; place += 1) {
    sum += weights[place] * hidden[place];
  }
  return sum;
}

/** log Σ exp(z), without overflow. */
function logSumExp(values) {
  const largest = Math.max(...values);
  return largest + Math.log(values.reduce((sum, z) => sum + Math.exp(z - largest), 0));
}

/** Whole numbers of 16 bits, little-endian, from base64; a packed file has them as they are. */
function wholeNumbers(weights) {
  if (typeof weights !== "string") {
    return weights;
  }
  const bytes = Uint8Array.from(atob(weights), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / 2 }, (_, index) => view.getInt16(2 * index, true));
}
