/** The words of a language as an automaton. The twin of recognizer/core/words/lexicon.py; docs/words.md has the file's format. */

const ALPHABET = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ";
const MAGIC = "PLX1";
const LONGEST = 32; // letters of a word
const SAME = { Ё: "Е" }; // letters that are written for each other: words are kept with the second
const ROOT = 1;

export class Lexicon {
  #counts;
  #edges;
  #followers = new Map();

  /** `counts`: of the words of each length; `edges`: of the automaton. */
  constructor(counts, edges) {
    this.#counts = counts;
    this.#edges = edges;
  }

  /** Where words begin. */
  get root() {
    return ROOT;
  }

  /** How many words have so many letters. */
  wordsOf(length) {
    return this.#counts[length] ?? 0;
  }

  /** Of each letter that may follow a state: {state, ends}, the next one, and whether a word ends with it. */
  followers(state) {
    if (!this.#followers.has(state)) {
      this.#followers.set(state, this.#found(state));
    }
    return this.#followers.get(state);
  }

  has(word) {
    let [state, ends] = [ROOT, false];
    for (const letter of word) {
      const next = state ? this.followers(state).get(letter) : null;
      if (!next) {
        return false;
      }
      ({ state, ends } = next);
    }
    return ends;
  }

  #found(state) {
    const found = new Map();
    for (let edge = state; edge; edge = this.#edges[edge] & 64 ? 0 : edge + 1) {
      const packed = this.#edges[edge];
      found.set(ALPHABET[packed & 63], { state: packed >>> 8, ends: (packed & 128) !== 0 });
    }
    for (const [letter, kept] of Object.entries(SAME)) {
      if (found.has(kept)) {
        found.set(letter, found.get(kept));
      }
    }
    return found;
  }
}

/** Whether this browser can unpack a lexicon. */
export function isReadable() {
  return typeof DecompressionStream === "function";
}

/**
 * The lexicon of a file's bytes.
 * @param {ArrayBuffer} file
 * @throws {Error} It is no lexicon, or damaged.
 */
export async function lexiconOf(file) {
  const begin = MAGIC.length + 4 * LONGEST;
  if (file.byteLength < begin || new TextDecoder().decode(file.slice(0, MAGIC.length)) !== MAGIC) {
    throw new Error("This is no lexicon.");
  }
  const head = new DataView(file);
  const counts = Array.from({ length: LONGEST }, (_, length) => head.getUint32(MAGIC.length + 4 * length, true));
  const stream = new Blob([file.slice(begin)]).stream().pipeThrough(new DecompressionStream("deflate"));
  const planes = new Uint8Array(await new Response(stream).arrayBuffer());
  const count = planes.length / 4;
  const edges = new Uint32Array(count);
  for (let edge = 0; edge < count; edge += 1) {
    edges[edge] = planes[edge] + planes[count + edge] * 256 + planes[2 * count + edge] * 65536 + planes[3 * count + edge] * 16777216;
  }
  return new Lexicon(counts, edges);
}
