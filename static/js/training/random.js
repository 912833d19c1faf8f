/** Random numbers that are the same in every browser: xoshiro128** (Blackman, Vigna 2018), seeded with splitmix32. */

export class Random {
  #state;
  #spare = null;

  /** @param {number} seed a whole number; each `purpose` has a sequence of its own, whatever the others draw */
  constructor(seed, purpose = 0) {
    let mixed = (seed ^ Math.imul(purpose + 1, 0x9e3779b9)) >>> 0;
    this.#state = Uint32Array.from({ length: 4 }, () => {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let z = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      return (z ^ (z >>> 16)) >>> 0;
    });
  }

  /** From 0 up to 1, in steps of 2⁻³². */
  uniform() {
    const s = this.#state;
    const product = Math.imul(s[1], 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result / 2 ** 32;
  }

  /** N(0, 1), by Marsaglia's polar method, which makes two at a time. */
  normal() {
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      return spare;
    }
    let [x, y, square] = [0, 0, 0];
    do {
      [x, y] = [2 * this.uniform() - 1, 2 * this.uniform() - 1];
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const factor = Math.sqrt((-2 * Math.log(square)) / square);
    this.#spare = y * factor;
    return x * factor;
  }

  /** The numbers below `count` in random order (Fisher, Yates). */
  permutation(count) {
    const order = Uint32Array.from({ length: count }, (_, place) => place);
    for (let last = count - 1; last > 0; last -= 1) {
      const other = Math.floor(this.uniform() * (last + 1));
      [order[last], order[other]] = [order[other], order[last]];
    }
    return order;
  }
}
