/** What a person has written already, kept on this device alone; where it may not be kept, it lasts as long as the page. */

const KEY = "propis-copybook";
const KINDS = ["trace", "memory"];

/** Only what this page may have stored: {letter: {trace, memory}} with closeness from 0 to 1. */
function checked(content) {
  const results = {};
  for (const [letter, best] of Object.entries(content ?? {})) {
    const kept = KINDS.filter((kind) => best?.[kind] >= 0 && best[kind] <= 1).map((kind) => [kind, best[kind]]);
    if (kept.length) {
      results[letter] = Object.fromEntries(kept);
    }
  }
  return results;
}

export class Progress {
  #results = {};
  #before = null;

  constructor() {
    try {
      this.#results = checked(JSON.parse(localStorage.getItem(KEY)));
    } catch {
      this.#results = {}; // storage is off or holds something else
    }
  }

  /** The best results of a letter: {trace, memory}, as far as there are any. */
  of(letter) {
    return this.#results[letter] ?? {};
  }

  /** How many letters were written from memory. */
  get known() {
    return Object.values(this.#results).filter((best) => best.memory !== undefined).length;
  }

  get isEmpty() {
    return Object.keys(this.#results).length === 0;
  }

  /** A letter was written right; `kind` "trace" or "memory". */
  add(letter, kind, closeness) {
    const best = this.of(letter);
    this.#keep({ ...this.#results, [letter]: { ...best, [kind]: Math.max(best[kind] ?? 0, closeness) } });
  }

  forget() {
    this.#before = this.#results;
    this.#keep({});
  }

  /** Take the last `forget` back. */
  restore() {
    this.#keep(this.#before ?? this.#results);
  }

  #keep(results) {
    this.#results = results;
    try {
      if (this.isEmpty) {
        localStorage.removeItem(KEY);
      } else {
        localStorage.setItem(KEY, JSON.stringify(results));
      }
    } catch {
      // Storage is off or full: the results last as long as the page.
    }
  }
}
