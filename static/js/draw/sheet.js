/**
 * What is on the sheet: strokes, or a picture that was opened.
 *
 * Points are [x, y, t] with x and y from 0 to 1 of the square's side and t in milliseconds from the first touch, so a
 * drawing survives any change of size. States are never changed, only followed by another: undo goes back one.
 */

const EMPTY = Object.freeze({ strokes: Object.freeze([]), picture: null });
const NEAREST = 1 / 500; // of the side; a point nearer to the one before says nothing new

export class Sheet extends EventTarget {
  #states = [EMPTY];
  #stroke = null;
  #began = 0;

  get strokes() {
    return this.#stroke ? [...this.#present.strokes, this.#stroke] : this.#present.strokes;
  }

  get picture() {
    return this.#stroke ? null : this.#present.picture;
  }

  get isEmpty() {
    return !this.strokes.length && !this.picture;
  }

  get canUndo() {
    return this.#states.length > 1;
  }

  get isDrawing() {
    return this.#stroke !== null;
  }

  get #present() {
    return this.#states.at(-1);
  }

  /** Put the pen down. */
  begin(x, y, time) {
    if (!this.#present.strokes.length) {
      this.#began = time;
    }
    this.#stroke = [];
    this.extend(x, y, time);
  }

  /** Draw on to a point; a point outside is brought to the edge. */
  extend(x, y, time) {
    const point = [Math.min(Math.max(x, 0), 1), Math.min(Math.max(y, 0), 1), time - this.#began];
    const last = this.#stroke.at(-1);
    if (!last || Math.hypot(point[0] - last[0], point[1] - last[1]) >= NEAREST) {
      this.#stroke.push(point);
      this.#changed("ink");
    }
  }

  /** Lift the pen: the stroke is on the sheet. */
  end() {
    const strokes = this.strokes;
    this.#stroke = null;
    this.#push({ strokes, picture: null });
  }

  /** Forget the stroke that is being drawn (the system took the finger away). */
  abandon() {
    this.#stroke = null;
    this.#changed("ink");
  }

  /** Put a picture on the sheet in place of what was there; `file` is what is sent, `bitmap` what is shown. */
  open(file, bitmap) {
    this.#push({ strokes: [], picture: { file, bitmap } });
  }

  /** Clear the sheet; undo brings everything back. */
  clear() {
    if (!this.isEmpty) {
      this.#stroke = null;
      this.#push(EMPTY);
    }
  }

  undo() {
    if (this.canUndo && !this.isDrawing) {
      this.#states.pop();
      this.#changed("change");
    }
  }

  #push(state) {
    this.#states.push(state);
    this.#changed("change");
  }

  /** "ink": more of the stroke in work; "change": another state, to be read. */
  #changed(kind) {
    this.dispatchEvent(new Event(kind));
  }
}
