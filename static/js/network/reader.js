/** Reads strokes as the server does, with the model that is in service there. */

import { InkError } from "../ink/errors.js";
import { isDot } from "../ink/size.js";
import { specification } from "../ink/specifications.js";
import { Adaptation } from "./adaptation.js";
import { Doubt, twinOf } from "./doubt.js";
import { loadNetwork } from "./loading.js";

const BEST = 5;
const PATIENCE = 1000; // milliseconds that a reading waits for the model's file, if it is told to wait

/**
 * @typedef {object} OwnReading
 * @property {?{picture: Uint8Array, input: Uint8Array, shape: number[]}} own what the strokes became; null: no ink, or
 *   a specification that only the server has
 * @property {?{letter: string, probability: number}[]} best the five most probable letters, best first; null: nothing
 *   to read or but a dot, or no network to read it with
 * @property {boolean} refused it does not look like a letter; `best` has those that are nearest
 * @property {?string} twin the digit that is written like the letter
 * @property {string} letters all that the model knows
 * @property {number} milliseconds that the reading took
 */

export class Reader {
  #ink;
  #loaded = null; // {network, card, doubt}
  #loading = null;
  #corrections = [];
  #adaptation = new Adaptation();

  /** Begins to load the model's file; `model`: {ink, file, sha256}, or {ink, bytes}. */
  constructor(model) {
    this.#ink = specification(model.ink);
    if (this.#ink && (model.file || model.bytes)) {
      this.#loading = this.#load(model);
    }
  }

  /**
   * @param {number[][][]} strokes of points [x, y] or [x, y, t]
   * @param {{isPatient: boolean}} options wait a moment for the model's file, if it is on its way
   * @returns {Promise<OwnReading>}
   */
  async read(strokes, { isPatient = false } = {}) {
    if (isPatient && this.#loading) {
      await Promise.race([this.#loading, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    }
    return this.#read(strokes);
  }

  /**
   * Read from now on as the owner of these drawings writes.
   * @param {{letter: string, strokes: number[][][]}[]} corrections all of them; earlier ones are forgotten
   */
  adapt(corrections) {
    this.#corrections = corrections;
    this.#adaptation = new Adaptation();
    if (this.#loaded) {
      corrections.forEach((correction) => this.#learn(correction));
    }
  }

  /** The verdict on what strokes became, {picture, input}; the network must have come. */
  verdictOn({ picture, input }) {
    const { network, card, doubt } = this.#loaded;
    const layers = network.lastLayers(input);
    const logits = this.#adaptation.logits({ ...layers, picture });
    const probabilities = doubt.probabilities(logits);
    const best = [...card.letters]
      .map((letter, index) => ({ letter, probability: probabilities[index] }))
      .sort((first, second) => second.probability - first.probability)
      .slice(0, BEST);
    const refused = doubt.refuses({ ...layers, logits });
    return { best, refused, twin: refused ? null : twinOf(best[0].letter, card.letters) };
  }

  #learn({ letter, strokes }) {
    const index = [...this.#loaded.card.letters].indexOf(letter);
    const own = index < 0 ? null : this.#inkOf(strokes); // another model may know other letters
    if (own) {
      const { hidden } = this.#loaded.network.lastLayers(own.input);
      this.#adaptation.learn(index, { picture: own.picture, hidden });
    }
  }

  async #load(model) {
    try {
      const loaded = await loadNetwork(model);
      this.#loaded = { ...loaded, doubt: new Doubt(loaded.card) };
      this.adapt(this.#corrections);
    } catch (error) {
      console.warn(`The server reads: ${error.message}`); // it answers as well, so nobody need be told
    }
    this.#loading = null;
  }

  #read(strokes) {
    const start = performance.now();
    const own = this.#inkOf(strokes);
    const isRead = own && this.#loaded && !isDot(strokes);
    const verdict = isRead ? this.verdictOn(own) : { best: null, refused: false, twin: null };
    return { own, ...verdict, letters: this.#loaded?.card.letters ?? "", milliseconds: performance.now() - start };
  }

  #inkOf(strokes) {
    try {
      const picture = this.#ink?.pictureFromStrokes(strokes);
      return picture ? { picture, input: this.#ink.ofPicture(picture), shape: this.#ink.shape } : null;
    } catch (error) {
      if (error instanceof InkError) {
        return null; // the server says why
      }
      throw error;
    }
  }
}
