/**
 * Ink specifications: the named ways by which strokes and pictures become the bytes of an input.
 *
 * The twin of recognizer/core/ink/specifications.py, byte for byte, for all but `raw-28`, which only the server
 * makes. Paper is 0 in all of them.
 */

import { DIRECTIONS, inputFromPicture } from "./directions.js";
import { EmptyInkError } from "./errors.js";
import { INPUT_SIDE } from "./frame.js";
import { pictureFromFrame } from "./moments.js";
import { checked, toGreys, toMask } from "./pictures.js";
import { frameFromMask } from "./placing.js";
import { UPRIGHT_WIDTH, upright } from "./slant.js";
import { frameFromStrokes } from "./strokes.js";

/**
 * A specification by its name, its step from a frame to a picture of 28×28, and, where that is not the input itself,
 * the one from a picture to an input.
 */
function specified(name, toPicture, { ofPicture = (picture) => picture, shape = [INPUT_SIDE, INPUT_SIDE] } = {}) {
  return {
    name,

    /** How the bytes of an input lie, the last axis fastest. */
    shape,

    /** Input of a picture as `pictureFromStrokes` gives it. */
    ofPicture,

    /**
     * The picture (784 bytes) that the input of a drawing is made of.
     * @throws {InkError}
     */
    pictureFromStrokes(strokes) {
      return toPicture(frameFromStrokes(strokes));
    },

    /**
     * Input of a drawing: strokes of points [x, y] or [x, y, t].
     * @throws {InkError}
     */
    fromStrokes(strokes) {
      return ofPicture(this.pictureFromStrokes(strokes));
    },

    /**
     * Input of one picture: ImageData, or {width, height, data} with four bytes a pixel.
     * @throws {InkError}
     */
    fromPicture(picture) {
      const { width, height } = checked(picture);
      const mask = toMask(toGreys(picture), width, height);
      if (!mask.data.includes(1)) {
        throw new EmptyInkError("The picture shows no ink: it is empty, or too faint to tell from its paper.");
      }
      return ofPicture(toPicture(frameFromMask(mask)));
    },
  };
}

const moments2 = (frame) => pictureFromFrame(upright(frame), UPRIGHT_WIDTH);

/** Directions of a `moments-2` picture on a grid of windows. */
function directions(name, grid) {
  const shape = [DIRECTIONS, grid, grid];
  return specified(name, moments2, { ofPicture: (picture) => inputFromPicture(picture, grid), shape });
}

const SPECIFICATIONS = [
  specified("moments-1", (frame) => pictureFromFrame(frame)),
  specified("moments-2", moments2),
  directions("directions-1", 7),
  directions("directions-1-coarse", 5),
  directions("directions-1-fine", 10),
];

/** The specification of that name, or null where the browser has none. */
export function specification(name) {
  return SPECIFICATIONS.find((each) => each.name === name) ?? null;
}
