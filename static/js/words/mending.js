/** What a person said of a word's letters: which strokes are one, which are several, and which letter some are. */

import { holds } from "./marks.js";

/** Strokes are known by themselves, not by their numbers, so that it holds while the word grows and after undo. */
export class Mending {
  #together = [];
  #apart = [];
  #letters = []; // {strokes, letter}

  /** These strokes are one letter. */
  join(strokes) {
    this.#apart = this.#apart.filter((each) => !holds(strokes, each));
    this.#together = [...this.#together.filter((each) => !holds(strokes, each)), strokes];
  }

  /** These strokes are several letters. */
  cut(strokes) {
    this.#together = this.#together.filter((each) => !meet(each, strokes));
    this.#letters = this.#letters.filter((each) => !meet(each.strokes, strokes));
    this.#apart = [...this.#apart.filter((each) => !holds(strokes, each)), strokes];
  }

  /** These strokes are this letter, and one. */
  choose(strokes, letter) {
    this.join(strokes);
    this.#letters = [...this.#letters.filter((each) => !meet(each.strokes, strokes)), { strokes, letter }];
  }

  /** Nothing is said of these strokes any more. */
  forget(strokes) {
    this.#together = this.#together.filter((each) => !meet(each, strokes));
    this.#apart = this.#apart.filter((each) => !meet(each, strokes));
    this.#letters = this.#letters.filter((each) => !meet(each.strokes, strokes));
  }

  /** Whether something is said of any of these strokes. */
  concerns(strokes) {
    return [...this.#together, ...this.#apart].some((each) => meet(each, strokes));
  }

  /** The same in the numbers of strokes; what is said of one that is gone does not count. */
  numbered(strokes) {
    const number = (each) => each.map((stroke) => strokes.indexOf(stroke));
    const isThere = (each) => each.every((stroke) => strokes.includes(stroke));
    return {
      together: this.#together.filter(isThere).map(number),
      apart: this.#apart.filter(isThere).map(number),
      letters: this.#letters.filter((each) => isThere(each.strokes)).map((each) => ({ ...each, strokes: number(each.strokes) })),
    };
  }
}

const meet = (one, other) => one.some((each) => other.includes(each));
