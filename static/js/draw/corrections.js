/** Drawings that their owner corrected, kept on this device alone; where they may not be kept, they last as long as the page. */

const KEY = "propis-corrections";
const MOST_OF_A_LETTER = 5;
const MOST = 100;
const MOST_POINTS = 1000; // of a drawing that is kept; no letter has as many

/**
 * @typedef {object} Correction
 * @property {string} letter what the drawing should have been read as
 * @property {number[][][]} strokes of points [x, y]
 */

export class Corrections extends EventTarget {
  #all = [];
  #before = null;

  constructor() {
    super();
    this.#all = stored();
    addEventListener("storage", ({ key }) => key === KEY && this.#become(stored())); // another tab of this page
  }

  /** All of them, latest last. @returns {Correction[]} */
  get all() {
    return this.#all;
  }

  /** The letters that were corrected, each once. */
  get letters() {
    return [...new Set(this.#all.map(({ letter }) => letter))];
  }

  get canRestore() {
    return this.#before !== null && !this.#all.length;
  }

  /** Strokes of points [x, y, t] are this letter; says so for good, whatever was said of them before. */
  add(letter, strokes) {
    const places = placesOf(strokes);
    const drawing = JSON.stringify(places);
    const others = this.#all.filter((each) => JSON.stringify(each.strokes) !== drawing);
    const oldest = others.filter((each) => each.letter === letter).slice(0, 1 - MOST_OF_A_LETTER);
    const kept = others.filter((each) => !oldest.includes(each));
    this.#keep([...kept, { letter, strokes: places }].slice(-MOST));
  }

  forget() {
    this.#keep([], this.#all);
  }

  /** Take the last `forget` back. */
  restore() {
    this.#keep(this.#before ?? this.#all);
  }

  #keep(corrections, before = null) {
    try {
      if (corrections.length) {
        localStorage.setItem(KEY, JSON.stringify(corrections));
      } else {
        localStorage.removeItem(KEY);
      }
    } catch {
      // Storage is off or full: they last as long as the page.
    }
    this.#become(corrections, before);
  }

  #become(corrections, before = null) {
    this.#all = corrections;
    this.#before = before;
    this.dispatchEvent(new Event("change"));
  }
}

/** Points [x, y] to a tenth of a pixel; of very many only every so manyth. */
function placesOf(strokes) {
  const step = Math.ceil(strokes.flat().length / MOST_POINTS);
  const round = (value) => Math.round(10 * value) / 10;
  return strokes.map((stroke) => stroke.filter((_, index) => index % step === 0).map(([x, y]) => [round(x), round(y)]));
}

/** Only what this page may have stored. */
function stored() {
  try {
    const content = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(content) ? content.filter(isCorrection).slice(-MOST) : [];
  } catch {
    return []; // storage is off or holds something else
  }
}

function isCorrection(content) {
  return typeof content?.letter === "string" && isFilled(content.strokes)
    && content.strokes.every((stroke) => isFilled(stroke) && stroke.every(isPoint))
    && content.strokes.flat().length <= MOST_POINTS;
}

function isFilled(list) {
  return Array.isArray(list) && list.length > 0;
}

function isPoint(point) {
  return Array.isArray(point) && point.length === 2 && point.every(Number.isFinite);
}
