/** Letters of one's own to learn from, kept in this browser. */

const KEY = "propis-own-letters";
const TIMES = 3; // of each letter
const LETTERS = 33;
const LEAST = 2; // different letters
const MOST_POINTS = 400;

/** Drawings that were kept; what is no drawing is left out. */
function restored() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter(isDrawing) : [];
  } catch {
    return [];
  }
}

function isDrawing(each) {
  const isPoint = (point) => Array.isArray(point) && point.length === 2 && point.every((value) => value >= 0 && value <= 255);
  const isStroke = (stroke) => Array.isArray(stroke) && stroke.length > 0 && stroke.every(isPoint);
  const isLabel = Number.isInteger(each?.label) && each.label >= 0 && each.label < LETTERS;
  return isLabel && Array.isArray(each.strokes) && each.strokes.length > 0 && each.strokes.every(isStroke);
}

/** Every so many points of a stroke, its last always. */
function thinned(stroke, step) {
  return stroke.filter((_, place) => place % step === 0 || place === stroke.length - 1).map(([x, y]) => [Math.round(x), Math.round(y)]);
}

export class OwnLetters {
  #drawings = restored();
  #parts;
  #words;
  #marks;

  /** `parts`: {kept, said, train, forget} of the page. */
  constructor(parts, words) {
    this.#parts = parts;
    this.#words = words;
    this.#marks = [...document.querySelectorAll(".learn-truth")].map(({ textContent }) => Object.assign(document.createElement("span"), { textContent, lang: "ru" }));
    parts.kept.append(...this.#marks);
    this.#show();
  }

  /** {label, strokes} of each. */
  get drawings() {
    return this.#drawings;
  }

  get isEnough() {
    return new Set(this.#drawings.map(({ label }) => label)).size >= LEAST;
  }

  /** Keep one more; of more than three of a letter the oldest goes. */
  keep(label, strokes) {
    const points = strokes.reduce((sum, { length }) => sum + length, 0);
    const step = Math.ceil(points / MOST_POINTS);
    this.#drawings.push({ label, strokes: strokes.map((stroke) => thinned(stroke, step)) });
    const mine = this.#drawings.filter((each) => each.label === label);
    if (mine.length > TIMES) {
      this.#drawings.splice(this.#drawings.indexOf(mine[0]), 1);
    }
    this.#store();
    this.#show();
  }

  forget() {
    this.#drawings = [];
    this.#store();
    this.#show();
    this.#parts.said.textContent = this.#words.texts.forgotten;
  }

  #store() {
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#drawings));
    } catch {
      this.#parts.said.textContent = this.#words.texts.not_kept;
    }
  }

  #show() {
    const counts = this.#marks.map((_, label) => this.#drawings.filter((each) => each.label === label).length);
    this.#marks.forEach((mark, label) => {
      mark.dataset.count = counts[label];
    });
    const said = this.#words.count("own_count", this.#drawings.length, { all: TIMES * LETTERS });
    this.#parts.kept.setAttribute("aria-label", said);
    this.#parts.said.textContent = said;
    this.#parts.train.disabled = !this.isEnough;
    this.#parts.forget.hidden = !this.#drawings.length;
  }
}
