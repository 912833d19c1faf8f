/** Shows how a letter is written: the pen goes along its elements, and can be stopped. */

const SPEED = 0.075; // hundredths of the side a millisecond
const LIFT = 350; // milliseconds in the air between two strokes
const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Demonstration extends EventTarget {
  #lines = [];
  #steps = [];
  #pen;
  #time = 0;
  #frame = 0;
  #last = 0;

  /** `pen`: an SVG circle that goes along. */
  constructor(pen) {
    super();
    this.#pen = pen;
  }

  get isPlaying() {
    return this.#frame !== 0;
  }

  get isBegun() {
    return this.#time > 0;
  }

  /** Take another letter: the SVG lines of its elements, and which of them the pen is lifted before. */
  take(lines, joined) {
    this.stop();
    this.#lines = lines;
    let at = 0;
    this.#steps = lines.map((line, number) => {
      const begin = number && !joined[number] ? at + LIFT : at;
      at = begin + Math.max(line.getTotalLength() / SPEED, 120);
      return { begin, end: at };
    });
  }

  /** Go on from where it was stopped, or from the beginning. */
  play() {
    if (!this.isPlaying && this.#lines.length) {
      this.#last = performance.now();
      this.#frame = requestAnimationFrame((now) => this.#step(now));
      this.dispatchEvent(new Event("change"));
    }
  }

  pause() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.dispatchEvent(new Event("change"));
  }

  /** Show the whole letter again. */
  stop() {
    this.#time = 0;
    this.#lines.forEach((line) => line.removeAttribute("stroke-dasharray"));
    this.#pen.setAttribute("visibility", "hidden");
    this.pause();
  }

  #step(now) {
    this.#time += Math.min(now - this.#last, 100);
    this.#last = now;
    if (this.#time >= this.#steps.at(-1).end + LIFT) {
      this.stop();
      return;
    }
    this.#show();
    this.#frame = requestAnimationFrame((next) => this.#step(next));
  }

  /** Each line as far as it is written; without motion, a line appears as a whole when its turn comes. */
  #show() {
    this.#steps.forEach(({ begin, end }, number) => {
      const share = Math.min(Math.max((this.#time - begin) / (end - begin), 0), 1);
      const shown = still.matches ? Number(this.#time >= begin) : share;
      this.#lines[number].setAttribute("stroke-dasharray", shown ? `${shown} 2` : "0 2");
      if (share > 0 && share < 1 && !still.matches) {
        const line = this.#lines[number];
        const { x, y } = line.getPointAtLength(share * line.getTotalLength());
        this.#pen.setAttribute("cx", x);
        this.#pen.setAttribute("cy", y);
        this.#pen.setAttribute("visibility", "visible");
      }
    });
  }
}
