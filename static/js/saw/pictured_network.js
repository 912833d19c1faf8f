/** A network together with what makes its inputs of pictures: from the pixels to the letters, and back. */

import { SoftDirections } from "../ink/soft_directions.js";
import { specification } from "../ink/specifications.js";
import { Doubt } from "../network/doubt.js";
import { NetworkError } from "../network/errors.js";
import { Passes } from "../network/passes.js";

const PIXELS = 784;
const FULL = 255;

/** Inputs that are the picture itself. */
const PLAIN = {
  forward: (picture) => ({ input: Float64Array.from(picture, (value) => value / FULL) }),
  backward: (_, gradient) => gradient.map((value) => value / FULL),
};

export class PicturedNetwork {
  #network;
  #passes;
  #ink; // from a picture to the input, and back
  #ofPicture;

  /**
   * @param {{network: import("../network/network.js").Network, card: object}} loaded
   * @throws {NetworkError} Its inputs are made in a way that is not known here.
   */
  constructor({ network, card }) {
    if (!network.layers) {
      throw new NetworkError("The network computes in whole numbers.");
    }
    const ink = specification(card.ink_specification);
    if (!ink && card.sizes[0] !== PIXELS) {
      throw new NetworkError(`Inputs as ${card.ink_specification} makes them are not known here.`);
    }
    this.#network = network;
    this.#passes = new Passes(network);
    this.#ink = ink?.shape.length === 3 ? new SoftDirections(ink.shape[1]) : PLAIN;
    this.#ofPicture = ink?.ofPicture ?? ((picture) => picture);
    this.letters = [...card.letters];
    this.doubt = new Doubt(card);
    /** The value of a pixel without ink: 0, but in the thesis's own pixels. */
    this.paper = card.ink_specification === "raw-28" ? FULL : 0;
  }

  /** What the network makes of a picture of bytes, exactly as it is read: logits. */
  read(picture) {
    return this.#network.logits(this.#ofPicture(picture));
  }

  /** The input of a picture of bytes in 0…1, the activations of each hidden layer, and the logits. */
  layers(picture) {
    const { activations, logits } = this.#passes.forward(Float64Array.from(this.#ofPicture(picture), (byte) => byte / FULL));
    return { hidden: activations.slice(1), logits };
  }

  /** A picture of any numbers 0…255 read without rounding, so that it can be gone back from: {logits, …}. */
  forward(picture) {
    const drawn = this.#ink.forward(picture);
    const passed = this.#passes.forward(drawn.input);
    return { drawn, passed, logits: passed.logits };
  }

  /** The gradient by the pixels of Σ error_c · logit_c. */
  backward({ drawn, passed }, error) {
    return this.#ink.backward(drawn, this.#passes.backward(passed, error));
  }
}
