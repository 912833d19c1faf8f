/**
 * Directions of strokes without rounding, and the way back from them to the picture: what a change of the picture does
 * to the input. Beside directions.js, which makes the bytes that are read.
 */

import { DIRECTIONS, UNIT, windowsOf } from "./directions.js";
import { INPUT_SIDE as SIDE } from "./frame.js";

const AREA = SIDE * SIDE;
const FULL = 255;
/** Of Sobel's gradient: step down, step to the right, and the weights of the pixel there across and down. */
const SOBEL = [-1, 0, 1].flatMap((y) => [-1, 0, 1].map((x) => [y, x, x * (2 - Math.abs(y)), y * (2 - Math.abs(x))]));

export class SoftDirections {
  #windows;

  /** `grid`: windows along each axis. */
  constructor(grid) {
    this.#windows = windowsOf(grid);
  }

  /**
   * @param {Float64Array} picture 784 values 0…255, ink bright
   * @returns {{input: Float64Array, across: Float64Array, down: Float64Array}} the input in 0…1, and Sobel's gradient
   */
  forward(picture) {
    const { across, down } = sobel(picture);
    const maps = Array.from({ length: DIRECTIONS }, () => new Float64Array(AREA));
    for (let place = 0; place < AREA; place += 1) {
      const [width, height] = [Math.abs(across[place]), Math.abs(down[place])];
      const { straight, diagonal } = nearest(across[place], down[place]);
      maps[straight][place] += Math.abs(width - height);
      maps[diagonal][place] += Math.min(width, height);
    }
    const input = Float64Array.from(maps.flatMap((map) => this.#seen(map)), (sum) => Math.min(FULL, Math.sqrt(sum / UNIT)) / FULL);
    return { input, across, down };
  }

  /**
   * The gradient by the pixels of what has this gradient by the input: the chain rule, through windows, split and Sobel.
   * Where an input is 0 or full it is taken not to change.
   */
  backward({ input, across, down }, gradient) {
    const grid = this.#windows.length;
    const slopes = gradient.map((value, place) => (input[place] > 0 && input[place] < 1 ? value / (2 * UNIT * FULL * FULL * input[place]) : 0));
    const maps = Array.from({ length: DIRECTIONS }, (_, direction) =>
      this.#spread(slopes.subarray(direction * grid * grid, (direction + 1) * grid * grid)));
    const [byAcross, byDown] = [new Float64Array(AREA), new Float64Array(AREA)];
    for (let place = 0; place < AREA; place += 1) {
      const { straight, diagonal } = nearest(across[place], down[place]);
      const [one, other] = [maps[straight][place], maps[diagonal][place]];
      const lean = Math.sign(Math.abs(across[place]) - Math.abs(down[place])); // the shorter of both is the diagonal's
      const [wide, high] = lean > 0 ? [one, other - one] : lean < 0 ? [other - one, one] : [other / 2, other / 2];
      byAcross[place] = wide * Math.sign(across[place]);
      byDown[place] = high * Math.sign(down[place]);
    }
    return sobelBack(byAcross, byDown);
  }

  /** Sums (grid²) of a map under each window. */
  #seen(map) {
    const lines = this.#windows.map((rows) => {
      const line = new Float64Array(SIDE);
      rows.forEach((weight, row) => {
        for (let column = 0; weight && column < SIDE; column += 1) {
          line[column] += weight * map[row * SIDE + column];
        }
      });
      return line;
    });
    return lines.flatMap((line) => this.#windows.map((columns) => columns.reduce((sum, weight, column) => sum + weight * line[column], 0)));
  }

  /** For each pixel the sum of the windows' values, each with the weight that the pixel has in it. */
  #spread(values) {
    const map = new Float64Array(AREA);
    this.#windows.forEach((rows, index) => {
      const line = new Float64Array(SIDE);
      this.#windows.forEach((columns, place) => {
        const value = values[index * this.#windows.length + place];
        columns.forEach((weight, column) => {
          line[column] += weight * value;
        });
      });
      rows.forEach((weight, row) => {
        for (let column = 0; weight && column < SIDE; column += 1) {
          map[row * SIDE + column] += weight * line[column];
        }
      });
    });
    return map;
  }
}

/** The nearest axis and the nearest diagonal of a vector, as numbers of directions. */
function nearest(across, down) {
  const isWide = Math.abs(across) > Math.abs(down);
  const straight = isWide ? (across > 0 ? 0 : 4) : (down > 0 ? 2 : 6);
  const diagonal = across > 0 ? (down > 0 ? 1 : 7) : (down > 0 ? 3 : 5);
  return { straight, diagonal };
}

/** Sobel's gradient of a picture; there is paper around it. */
function sobel(picture) {
  const [across, down] = [new Float64Array(AREA), new Float64Array(AREA)];
  eachNeighbour((place, other, right, low) => {
    across[place] += right * picture[other];
    down[place] += low * picture[other];
  });
  return { across, down };
}

/** The gradient by the pixels, from that by Sobel's gradient. */
function sobelBack(byAcross, byDown) {
  const gradient = new Float64Array(AREA);
  eachNeighbour((place, other, right, low) => {
    gradient[other] += right * byAcross[place] + low * byDown[place];
  });
  return gradient;
}

function eachNeighbour(act) {
  for (const [y, x, right, low] of SOBEL) {
    for (let row = Math.max(0, -y); row < Math.min(SIDE, SIDE - y); row += 1) {
      for (let column = Math.max(0, -x); column < Math.min(SIDE, SIDE - x); column += 1) {
        act(row * SIDE + column, (row + y) * SIDE + column + x, right, low);
      }
    }
  }
}
