/** Answers questions about words with the model in service: in a worker, or on the page where there is none. */

import { EmptyInkError, InkError } from "../ink/errors.js";
import { specification } from "../ink/specifications.js";
import { Doubt } from "../network/doubt.js";
import { togetherBy } from "../network/kernel_network.js";
import { loadNetwork } from "../network/loading.js";
import { lexiconOf } from "./lexicon.js";
import { WordReader } from "./reader.js";

const KEPT = "words-lexicon"; // the cache of the lexicon alone, so that it is there without a network

/**
 * @typedef {object} WordAnswer
 * @property {?object} word as `WordReader.read` gives it
 * @property {string} refusal a code of why there is none: empty, bad, or a WordError's
 * @property {boolean} isAbsent the model did not come, or not to this page: the server reads
 * @property {boolean} isWithoutLexicon it was asked for and did not come
 * @property {string} letters all that the model knows
 * @property {number} milliseconds
 */

export class WordAnswering {
  #reader;
  #letters = "";
  #lexicons = new Map(); // promises, by their address

  /** Begins to load the model's file; `model`: {ink, file, sha256, kernel}, `kernel` the address of what computes it. */
  constructor(model) {
    this.#reader = this.#load(model).catch((error) => {
      console.warn(`The server reads: ${error.message}`);
      return null;
    });
  }

  /** @returns {Promise<WordAnswer>} */
  async answer({ strokes, mends, lexicon: address }) {
    const reader = await this.#reader;
    const lexicon = address ? await this.#lexiconAt(address) : null;
    const begun = performance.now();
    const about = { isAbsent: !reader, isWithoutLexicon: Boolean(address && !lexicon), letters: this.#letters, word: null };
    try {
      const word = reader?.read(strokes, { lexicon, mends }) ?? null;
      return { ...about, word, refusal: "", milliseconds: performance.now() - begun };
    } catch (error) {
      if (!(error instanceof InkError)) {
        throw error;
      }
      return { ...about, refusal: error instanceof EmptyInkError ? "empty" : (error.code ?? "bad"), milliseconds: 0 };
    }
  }

  async #load(model) {
    const ink = specification(model.ink);
    if (!ink || !model.file) {
      throw new Error("this page cannot read with its model.");
    }
    const { network, card } = await loadNetwork(model);
    this.#letters = card.letters;
    const together = await togetherBy(network, model.kernel);
    return new WordReader({ network: together, ink, doubt: new Doubt(card), letters: card.letters });
  }

  async #lexiconAt(address) {
    if (!this.#lexicons.has(address)) {
      this.#lexicons.set(address, fetched(address).then(lexiconOf));
    }
    try {
      return await this.#lexicons.get(address);
    } catch (error) {
      console.warn(`No dictionary: ${error.message}`);
      this.#lexicons.delete(address); // it may come the next time
      return null;
    }
  }
}

/** The bytes of a lexicon, kept from now on; those of an older one are not. Its address is its content's. */
async function fetched(address) {
  const cache = await openCache();
  const kept = await cache?.match(address);
  if (kept) {
    return kept.arrayBuffer();
  }
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(`it did not come: ${response.status}.`);
  }
  const copy = response.clone();
  const bytes = await response.arrayBuffer();
  const old = (await cache?.keys()) ?? [];
  await Promise.all([...old.map((request) => cache.delete(request)), cache?.put(address, copy)]).catch(() => null); // it is full
  return bytes;
}

/** None where the page is not safe, or storage is off. */
async function openCache() {
  try {
    return await caches.open(KEPT);
  } catch {
    return null;
  }
}
