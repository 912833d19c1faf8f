/** Reads strokes as a word: all groups that may be letters, then the best way. The twin of recognizer/core/words/reader.py. */

import { InkError } from "../ink/errors.js";
import { isDot } from "../ink/size.js";
import { checked } from "../ink/strokes.js";
import { bestWord } from "./beam.js";
import { latticeOf } from "./lattice.js";
import { holds, marksOf } from "./marks.js";
import { bestPath, likelihoods } from "./paths.js";
import { groupScores } from "./scoring.js";

const BEST = 5;
const LONGEST_WORD = 60; // letters
const MOST_GROUPS = 2_000; // that may be letters: bounds the time
const MOST_KEPT = 4_000; // groups whose reading is kept, while the word grows
const UNREADABLE = -20; // the score of a group that cannot be drawn
const LEAST = 1e-12;
const NO_MENDS = { together: [], apart: [], letters: [] };

/** Ink that is no word; `code` says which sentence tells it. */
export class WordError extends InkError {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/**
 * @typedef {object} WordLetter
 * @property {string} letter what is read
 * @property {{letter: string, probability: number}[]} best the five most probable letters of this ink
 * @property {boolean} refused the ink looks like no letter
 * @property {boolean} isChosen a person said which letter it is
 * @property {number} whole how likely this ink is one letter
 * @property {number[]} box left, top, right and bottom
 * @property {number[]} strokes numbers of its strokes
 */

export class WordReader {
  #network;
  #ink;
  #doubt;
  #letters;
  #numbers = new Map(); // of strokes, by their points
  #kept = new Map(); // what groups were read as, by the numbers of their strokes

  /** `network`: reads many inputs at once (togetherBy); `ink`: makes them; `doubt`: of the network; `letters`: in the order of its outputs. */
  constructor({ network, ink, doubt, letters }) {
    this.#network = network;
    this.#ink = ink;
    this.#doubt = doubt;
    this.#letters = [...letters];
  }

  /**
   * Read strokes, drawn in any order.
   * @param {number[][][]} strokes of points [x, y] or [x, y, t]
   * @param {object} options
   * @param {?import("./lexicon.js").Lexicon} options.lexicon
   * @param {?import("./marks.js").Mends & {letters: {strokes: number[], letter: string}[]}} options.mends what a person said
   *   of strokes, none of which is empty; the server knows of none
   * @returns {{letters: WordLetter[], text: string, known: ?boolean}}
   * @throws {InkError} Nothing is drawn, or no word (WordError).
   */
  read(strokes, { lexicon = null, mends: given = null } = {}) {
    const mends = given ?? NO_MENDS;
    const lines = checked(strokes);
    if (isDot(lines)) {
      throw new WordError("dot");
    }
    const lattice = latticeOf(marksOf(lines, mends), mends);
    if (lattice.groups.length > MOST_GROUPS) {
      throw new WordError("too_much");
    }
    const read = this.#readGroups(lattice, lines);
    const way = this.#way(lattice, mended(lattice, read, mends, this.#letters), lexicon);
    const numbers = strokes.flatMap((stroke, number) => (stroke.length ? [number] : []));
    const letters = way.groups.map((group, place) => {
      const { box, members } = lattice.groups[group];
      const { logs, refused } = read[group];
      const best = ordered(logs).slice(0, BEST).map((each) => ({ letter: this.#letters[each], probability: Math.exp(logs[each]) }));
      const own = members.map((member) => numbers[member]).sort((one, other) => one - other);
      const isChosen = mends.letters.some((each) => isSame(each.strokes, members));
      return { letter: this.#letters[way.letters[place]], best, refused, isChosen, whole: way.wholes[place], box, strokes: own };
    });
    return { letters, text: letters.map(({ letter }) => letter).join(""), known: way.known };
  }

  #readGroups({ groups }, lines) {
    if (this.#kept.size > MOST_KEPT) {
      this.#numbers.clear();
      this.#kept.clear();
    }
    const numbers = lines.map((line) => this.#numberOf(JSON.stringify(line)));
    const names = groups.map(({ members }) => members.map((member) => numbers[member]).join());
    const unread = groups.filter((_, group) => !this.#kept.has(names[group]));
    const found = this.#readDrawn(unread.map(({ members }) => members.map((member) => lines[member])));
    unread.forEach((group, place) => this.#kept.set(names[groups.indexOf(group)], found[place]));
    const read = names.map((name) => this.#kept.get(name));
    if (read.every(({ isDrawn }) => !isDrawn)) {
      throw new WordError("scribble");
    }
    return read;
  }

  #numberOf(points) {
    if (!this.#numbers.has(points)) {
      this.#numbers.set(points, this.#numbers.size);
    }
    return this.#numbers.get(points);
  }

  /** {score, logs, refused} of drawings, all at once; one whose lines are too long to be drawn is no letter. */
  #readDrawn(drawings) {
    const inputs = drawings.map((drawing) => this.#inputOf(drawing));
    const layers = this.#network.lastLayersOfAll(inputs.filter(Boolean));
    return inputs.map((input) => (input ? this.#readLayers(layers.shift()) : this.#unreadable()));
  }

  #readLayers(layers) {
    const logs = this.#doubt.probabilities(layers.logits).map((probability) => Math.log(Math.max(probability, LEAST)));
    const score = this.#doubt.score(layers);
    return { score, logs, most: Math.max(...logs), refused: this.#doubt.isTooLittle(score), isDrawn: true };
  }

  #unreadable() {
    const logs = this.#letters.map(() => -Math.log(this.#letters.length));
    return { score: UNREADABLE, logs, most: logs[0], refused: true, isDrawn: false };
  }

  #inputOf(drawing) {
    try {
      return this.#ink.fromStrokes(drawing);
    } catch (error) {
      if (error instanceof InkError) {
        return null;
      }
      throw error;
    }
  }

  /** The best way through a lattice: the best word of the lexicon, or what the ink alone says where that is better. */
  #way(lattice, read, lexicon) {
    const scores = groupScores(lattice, read);
    const likely = likelihoods(lattice, scores);
    const most = scores.map((score, group) => score + read[group].most);
    let groups = bestPath(lattice, most);
    let letters = groups.map((group) => ordered(read[group].logs)[0]);
    let known = null;
    if (lexicon) {
      const word = bestWord(lattice, scores, read.map(({ logs }) => logs), this.#letters, lexicon);
      if (word && word.score >= groups.reduce((sum, group) => sum + most[group], 0)) {
        ({ groups, letters } = word);
      }
      known = lexicon.has(letters.map((number) => this.#letters[number]).join(""));
    }
    if (groups.length > LONGEST_WORD) {
      throw new WordError("too_long");
    }
    return { groups, letters, wholes: groups.map((group) => likely[group]), known };
  }
}

/** Numbers of letters, the likeliest first. */
function ordered(logs) {
  return logs.map((_, number) => number).sort((one, other) => logs[other] - logs[one]);
}

const isSame = (one, other) => one.length === other.length && holds(one, other);

/** What was read, where a person chose a letter that alone. */
function mended({ groups }, read, { letters: chosen }, letters) {
  return read.map((each, group) => {
    const choice = chosen.find(({ strokes }) => isSame(strokes, groups[group].members));
    if (!choice) {
      return each;
    }
    const logs = letters.map((letter) => (letter === choice.letter ? 0 : Math.log(LEAST)));
    return { ...each, score: Math.max(each.score, 0), logs, most: 0 };
  });
}
