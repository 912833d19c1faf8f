/**
 * A last layer that adapts to its owner: letters that somebody corrected raise the logit of what they should have been,
 * for drawings like them alone. Chosen by measurement: docs/decisions/0027-a-last-layer-of-corrected-letters.md.
 */

const SHARPNESS = 12;
const STRENGTH = 60;

export class Adaptation {
  #examples = []; // {index, traits}

  /** A drawing is this letter, by its index: `picture` of 28×28 with ink bright, and the network's last hidden layer. */
  learn(index, { picture, hidden }) {
    this.#examples.push({ index, traits: traitsOf(picture, hidden) });
  }

  /**
   * Logits after adaptation: z_c + 60 · max exp(12 (s − 1)) over the corrected drawings of letter c, with s the mean of the
   * cosines between the two pictures and between the two hidden layers.
   * @param {{picture: Uint8Array, hidden: Float32Array, logits: Float32Array}} drawing
   * @returns {Float32Array}
   */
  logits({ picture, hidden, logits }) {
    if (!this.#examples.length) {
      return logits;
    }
    const traits = traitsOf(picture, hidden);
    const raised = new Float32Array(logits.length);
    for (const example of this.#examples) {
      const alike = Math.exp(SHARPNESS * (similarity(traits, example.traits) - 1));
      raised[example.index] = Math.max(raised[example.index], STRENGTH * alike);
    }
    return logits.map((z, index) => z + raised[index]);
  }
}

function traitsOf(picture, hidden) {
  return [unit(picture), unit(hidden)];
}

/** The mean of the cosines. */
function similarity(traits, others) {
  return traits.reduce((sum, vector, place) => sum + product(vector, others[place]), 0) / traits.length;
}

function unit(values) {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)) || 1;
  return Float32Array.from(values, (value) => value / length);
}

function product(vector, other) {
  return vector.reduce((sum, value, place) => sum + value * other[place], 0);
}
