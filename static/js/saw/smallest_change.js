/**
 * The smallest change of a picture that makes another letter of it, as far as a few steps along the gradient find it:
 * DeepFool (Moosavi-Dezfooli, Fawzi, Frossard, CVPR 2016, arXiv 1511.04599) with pixels kept between paper and ink, then
 * moved along the border between the two letters towards the picture. Nobody proves that there is none smaller.
 */

const FULL = 255;
const CANDIDATES = 10; // letters that are tried for the nearest, the most probable ones
const TRIED = 3; // of them, where the nearest is not reached
const STEPS = 60; // to cross the border
const ROUNDS = 5; // along it
const HALVINGS = 6;
const BEYOND = 1.05; // a step goes a little farther than the border seems to be
const LARGEST = 1.5; // times the change that suffices without rounding

/**
 * @typedef {object} Change
 * @property {number} letter by its index, what the changed picture is read as, exactly as pictures are read
 * @property {Uint8Array} picture the changed one
 */

/**
 * @param {import("./pictured_network.js").PicturedNetwork} network
 * @param {Uint8Array} picture
 * @param {?number} target the letter that it is to become, by its index; null: whichever is nearest
 * @param {() => Promise<boolean>} isWanted asked between steps
 * @returns {Promise<?Change>} null: none was found, or it is not wanted any more
 */
export async function smallestChange(network, picture, target, isWanted) {
  const letter = largestOf(network.read(picture));
  const start = Float64Array.from(picture);
  const targets = target === null ? nearestLetters(network, start, letter) : [target];
  for (const each of targets.filter((index) => index !== letter)) {
    const changed = await smallest({ network, start, target: each, isWanted });
    const real = changed && asRead(network, start, changed, each);
    if (real) {
      return { letter: each, picture: real };
    }
  }
  return null;
}

/** The letters whose borders seem nearest: the distance of each is what its logit lacks over the length of the gradient. */
function nearestLetters(network, start, letter) {
  const shown = network.forward(start);
  const others = [...shown.logits.keys()].filter((index) => index !== letter);
  others.sort((one, other) => shown.logits[other] - shown.logits[one]);
  const distance = (index) => {
    const { lack, gradient } = towards(network, shown, start, index);
    return lack / Math.sqrt(product(gradient, gradient) || Number.MIN_VALUE);
  };
  const distances = others.slice(0, CANDIDATES).map((index) => [distance(index), index]);
  return distances.sort(([one], [other]) => one - other).slice(0, TRIED).map(([, index]) => index);
}

async function smallest({ network, start, target, isWanted }) {
  let best = null;
  let from = start;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const crossed = await cross({ network, from, target, isWanted });
    if (!crossed) {
      return best;
    }
    const nearer = shortened(network, start, crossed, target);
    if (best && distanceOf(nearer, start) > 0.99 * distanceOf(best, start)) {
      return best;
    }
    best = nearer;
    from = alongBorder(network, start, best, target);
  }
  return best;
}

/** Step on until the picture is the target's. */
async function cross({ network, from, target, isWanted }) {
  let picture = from;
  for (let step = 0; step < STEPS; step += 1) {
    const shown = network.forward(picture);
    const { lack, gradient } = towards(network, shown, picture, target);
    if (lack < 0) {
      return picture;
    }
    const length = product(gradient, gradient);
    if (!length || !(await isWanted())) {
      return null;
    }
    const stride = (BEYOND * (lack + 0.01)) / length;
    picture = picture.map((value, pixel) => clipped(value + stride * gradient[pixel]));
  }
  return null;
}

/**
 * How much the target's logit lacks against the largest of the others, and the gradient along which it lacks less;
 * pixels that are full already, or empty, and would have to be more so are left out.
 */
function towards(network, shown, picture, target) {
  const rival = largestOf(shown.logits.map((z, index) => (index === target ? -Infinity : z)));
  const error = new Float64Array(shown.logits.length);
  [error[target], error[rival]] = [1, -1];
  const gradient = network.backward(shown, error).map((value, pixel) => (isStopped(picture[pixel], value) ? 0 : value));
  return { lack: shown.logits[rival] - shown.logits[target], gradient };
}

function isStopped(value, slope) {
  return (value <= 0 && slope < 0) || (value >= FULL && slope > 0);
}

/** The part of a change that is needed, by halving. */
function shortened(network, start, crossed, target) {
  let [low, high] = [0, 1];
  const part = (share) => start.map((value, pixel) => value + share * (crossed[pixel] - value));
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (low + high) / 2;
    if (largestOf(network.forward(part(middle)).logits) === target) {
      high = middle;
    } else {
      low = middle;
    }
  }
  return part(high);
}

/** Half of the way to where the border, were it straight, is nearest to the start. */
function alongBorder(network, start, best, target) {
  const { gradient } = towards(network, network.forward(best), best, target);
  const change = best.map((value, pixel) => value - start[pixel]);
  const share = product(gradient, change) / (product(gradient, gradient) || 1);
  return best.map((value, pixel) => {
    const straight = gradient[pixel] ? start[pixel] + share * gradient[pixel] : value;
    return clipped((value + straight) / 2);
  });
}

/** The changed picture in bytes that is read as the target; a little more is changed where rounding undoes it. */
function asRead(network, start, changed, target) {
  for (let share = 1; share <= LARGEST; share += 0.02) {
    const bytes = Uint8Array.from(start, (value, pixel) => Math.round(clipped(value + share * (changed[pixel] - value))));
    if (largestOf(network.read(bytes)) === target) {
      return bytes;
    }
  }
  return null;
}

export function largestOf(values) {
  return values.reduce((best, value, index) => (value > values[best] ? index : best), 0);
}

function clipped(value) {
  return Math.min(Math.max(value, 0), FULL);
}

function product(vector, other) {
  return vector.reduce((sum, value, place) => sum + value * other[place], 0);
}

function distanceOf(vector, other) {
  return Math.sqrt(vector.reduce((sum, value, place) => sum + (value - other[place]) ** 2, 0));
}
