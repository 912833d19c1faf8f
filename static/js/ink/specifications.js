/**
 * Ink specifications: the named ways by which strokes and pictures become the 784 bytes of an input.
 *
 * The twin of recognizer/core/ink/specifications.py, byte for byte, for `moments-1` and `moments-2` (paper 0, ink 255).
 * Only the server makes inputs of other specifications.
 */

import { EmptyInkError } from "./errors.js";
import { inputFromFrame } from "./moments.js";
import { checked, toGreys, toMask } from "./pictures.js";
import { frameFromMask } from "./placing.js";
import { UPRIGHT_WIDTH, upright } from "./slant.js";
import { frameFromStrokes } from "./strokes.js";

/** A specification by its name and its last step, from a frame to an input. */
function specified(name, toInput) {
  return {
    name,

    /**
     * Input of a drawing: strokes of points [x, y] or [x, y, t].
     * @throws {InkError}
     */
    fromStrokes(strokes) {
      return toInput(frameFromStrokes(strokes));
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
      return toInput(frameFromMask(mask));
    },
  };
}

const SPECIFICATIONS = [
  specified("moments-1", (frame) => inputFromFrame(frame)),
  specified("moments-2", (frame) => inputFromFrame(upright(frame), UPRIGHT_WIDTH)),
];

/** The specification of that name, or null where the browser has none. */
export function specification(name) {
  return SPECIFICATIONS.find((each) => each.name === name) ?? null;
}
