/** The thickness of strokes, and what is too small to be one. The twin of the second half of ink/pictures.py. */

const PI = 3.141592653589793;
const ROOT_2 = 1.4142135623730951;

/**
 * Thickness of the strokes of a mask with ink, px: twice the area over the perimeter.
 *
 * The perimeter is Cauchy-Crofton's, from crossings along rows, columns and both diagonals.
 */
export function thickness(mask) {
  const area = count(mask.data);
  const straight = crossings(mask, 1, 0) + crossings(mask, 0, 1);
  const diagonal = crossings(mask, 1, 1) + crossings(mask, -1, 1);
  return (2 * area) / (((straight + diagonal / ROOT_2) * PI) / 8);
}

function count(data) {
  return data.reduce((total, ink) => total + ink, 0);
}

/** How many neighbours in a direction differ; each ink pixel that has paper before or behind it is one such pair. */
function crossings(mask, dx, dy) {
  let pairs = 0;
  for (let y = 0; y < mask.height; y += 1) {
    for (let x = 0; x < mask.width; x += 1) {
      if (inkAt(mask, x, y)) {
        pairs += 2 - inkAt(mask, x + dx, y + dy) - inkAt(mask, x - dx, y - dy);
      }
    }
  }
  return pairs;
}

function inkAt({ width, height, data }, x, y) {
  return x >= 0 && x < width && y >= 0 && y < height ? data[y * width + x] : 0;
}

/**
 * A mask without bits of ink much smaller than the pen, px, could make.
 *
 * Where the pen is thicker than 2 px, a pixel stays if the square of side 2·floor(pen) + 1 around it holds at least
 * pen²/4 ink pixels; a mask that would lose all of its ink is left as it is.
 */
export function withoutSpecks(mask, pen) {
  if (pen <= 2) {
    return mask;
  }
  const around = windowCounts(mask, Math.floor(pen));
  const needed = (pen * pen) / 4;
  const data = mask.data.map((ink, index) => (ink && around[index] >= needed ? 1 : 0));
  return data.includes(1) ? { ...mask, data } : mask;
}

/** How many ink pixels the square of side 2·reach + 1 around each pixel holds. */
function windowCounts({ width, height, data }, reach) {
  const across = slidingSums(Int32Array.from(data), width, height, reach, { along: 1, between: width });
  return slidingSums(across, height, width, reach, { along: width, between: 1 });
}

/** Sums of the values within `reach` along each of `lines` lines of a length; nothing is outside. */
function slidingSums(values, length, lines, reach, { along, between }) {
  const sums = new Int32Array(values.length);
  for (let line = 0; line < lines; line += 1) {
    const valueAt = (i) => (i >= 0 && i < length ? values[line * between + i * along] : 0);
    let sum = 0;
    for (let i = -reach; i < length; i += 1) {
      sum += valueAt(i + reach) - valueAt(i - reach - 1);
      if (i >= 0) {
        sums[line * between + i * along] = sum;
      }
    }
  }
  return sums;
}
