/**
 * What is on the sheet: strokes, or a picture that was opened.
 *
 * Points are [x, y, t] with x and y in sides of a square (a letter's sheet has one, a wide one three) and t in milliseconds
 * from the first touch, so a drawing survives any change of size; a pen adds its pressure, from 0 to 1. States are never changed, only followed by
 * another: undo goes back one, redo forward again.
 */

const EMPTY = Object.freeze({ strokes: Object.freeze([]), picture: null });
const NEAREST = 1 / 500; // of the side; a point nearer to the one before says nothing new
export const MOST_POINTS = 10_000; // of a drawing, as many as are read (static/js/ink/strokes.js)
const MOST_STROKES = 1_000;

const pointsOf = (strokes) => strokes.reduce((sum, { length }) => sum + length, 0);
const within = (value, most = 1) => Math.min(Math.max(value, 0), most);

export class Sheet extends EventTarget {
  #states = [EMPTY];
  #at = 0; // the state that is shown
  #stroke = null;
  #room = 0; // points that the stroke in work may have
  #began = 0;

  /** `wide`, `high`: in sides. */
  constructor({ wide = 1, high = 1 } = {}) {
    super();
    this.wide = wide;
    this.high = high;
  }

  /** All strokes, that in work included. */
  get strokes() {
    return this.#stroke ? [...this.finished, this.#stroke] : this.finished;
  }

  /** The strokes whose pen was lifted. */
  get finished() {
    return this.#present.strokes;
  }

  /** The stroke in work, which grows in place; null: the pen is up. */
  get stroke() {
    return this.#stroke;
  }

  get picture() {
    return this.#stroke ? null : this.#present.picture;
  }

  get isEmpty() {
    return !this.strokes.length && !this.picture;
  }

  /** Does it hold as much as is read? */
  get isFull() {
    return this.strokes.length >= MOST_STROKES || pointsOf(this.strokes) >= MOST_POINTS;
  }

  get canUndo() {
    return this.#at > 0;
  }

  get canRedo() {
    return this.#at < this.#states.length - 1;
  }

  get isDrawing() {
    return this.#stroke !== null;
  }

  get #present() {
    return this.#states[this.#at];
  }

  /** Put the pen down. Nothing happens at a point that is none, nor where the sheet is full. */
  begin(point) {
    if (this.isFull || !point.every(Number.isFinite)) {
      return;
    }
    const { finished } = this;
    const time = point[2];
    this.#began = finished.length ? Math.min(this.#began, time - finished.at(-1).at(-1)[2]) : time;
    this.#room = MOST_POINTS - pointsOf(finished);
    this.#stroke = [];
    this.extend([point]);
  }

  /**
   * Draw on to points; one outside is brought to the edge, and one that is none is left out. Nothing happens if the sheet
   * was cleared meanwhile.
   */
  extend(points) {
    if (!this.isDrawing) {
      return;
    }
    const before = this.#stroke.length;
    for (const point of points) {
      if (this.#stroke.length >= this.#room) {
        break;
      }
      this.#add(point);
    }
    if (this.#stroke.length > before) {
      this.#changed("ink");
    }
  }

  #add([x, y, time, ...pressure]) {
    const last = this.#stroke.at(-1);
    const place = [within(x, this.wide), within(y, this.high)];
    const point = [...place, Math.max(time - this.#began, last?.[2] ?? 0), ...pressure.map((force) => within(force))];
    const isNew = !last || Math.hypot(point[0] - last[0], point[1] - last[1]) >= NEAREST;
    if (isNew && [x, y, ...point].every(Number.isFinite)) {
      this.#stroke.push(point);
    }
  }

  /** Lift the pen: the stroke is on the sheet, unless it was cleared meanwhile. */
  end() {
    if (this.isDrawing) {
      this.#push({ strokes: this.strokes, picture: null });
    }
  }

  /** Forget the stroke that is being drawn (the system took the finger away). */
  abandon() {
    if (this.isDrawing) {
      this.#stroke = null;
      this.#changed("ink");
    }
  }

  /** Put a picture on the sheet in place of what was there; `file` is what is sent, `bitmap` what is shown. */
  open(file, bitmap) {
    this.#push({ strokes: [], picture: { file, bitmap } });
  }

  /** Take strokes off; undo brings them back. */
  erase(strokes) {
    const rest = this.finished.filter((stroke) => !strokes.includes(stroke));
    if (rest.length < this.finished.length) {
      this.#push({ strokes: rest, picture: null });
    }
  }

  /** Clear the sheet; undo brings everything back. */
  clear() {
    if (this.isDrawing) {
      this.#follow({ strokes: this.strokes, picture: null });
    }
    if (!this.isEmpty) {
      this.#push(EMPTY);
    }
  }

  /** Begin with strokes that were drawn before; the clock goes on where they ended. */
  restore(strokes) {
    this.#began = performance.now() - strokes.at(-1).at(-1)[2];
    this.#push({ strokes, picture: null });
  }

  undo() {
    this.#go(this.#at - 1);
  }

  redo() {
    this.#go(this.#at + 1);
  }

  /** Show another of the states, unless there is none or a stroke is in work. */
  #go(at) {
    if (at in this.#states && !this.isDrawing) {
      this.#at = at;
      this.#changed("change");
    }
  }

  /** Go on to a state; the stroke in work is over, in whatever way. */
  #push(state) {
    this.#follow(state);
    this.#changed("change");
  }

  #follow(state) {
    this.#stroke = null;
    this.#at += 1;
    this.#states.splice(this.#at, Infinity, state);
  }

  /** "ink": more of the stroke in work, or it was taken back; "change": another state, to be read. */
  #changed(kind) {
    this.dispatchEvent(new Event(kind));
  }
}
