/** The same networks by WebAssembly: recognizer/exports/kernel/ has what is called here, in C. */

import { ACTIVATIONS } from "../network/activations.js";
import { Answers } from "./answers.js";
import { activate } from "./float_kernel.js";

const FLOAT = 4; // bytes

/** A network in 32-bit floats. */
export class WasmFloatKernel {
  #memory;
  #layers;
  #pool;
  #answers;
  #activation;

  /** As `FloatKernel`; `memory`: a `WasmMemory`. */
  constructor({ card, weights, biases }, images, most, memory) {
    const { sizes, activation } = card;
    this.#memory = memory;
    this.#layers = weights.map((matrix, index) => ({
      weights: memory.put(matrix),
      biases: memory.put(biases[index]),
      inputs: sizes[index],
      neurons: sizes[index + 1],
      target: memory.room(sizes[index + 1] * most * FLOAT),
    }));
    this.#pool = memory.put(Float32Array.from(images, (byte) => byte / 255));
    this.#answers = new Answers(sizes.at(-1));
    this.#activation = activation;
  }

  /** The letters of `count` images from the first one on, into `letters`. */
  read(first, count, letters) {
    const { floats } = this.#memory.kernel;
    let values = this.#pool + first * this.#layers[0].inputs * FLOAT;
    this.#layers.forEach(({ weights, biases, inputs, neurons, target }, index) => {
      const isHidden = index < this.#layers.length - 1;
      floats(weights, biases, inputs, neurons, values, target, count, Number(isHidden && this.#activation === "relu"));
      if (isHidden && this.#activation !== "relu") {
        activate(ACTIVATIONS[this.#activation], this.#view(target, count * neurons), count * neurons);
      }
      values = target;
    });
    this.#answers.read(this.#view(values, count * this.#layers.at(-1).neurons), count, letters);
  }

  #view(place, count) {
    return new Float32Array(this.#memory.kernel.memory.buffer, place, count);
  }
}

/** A network in whole numbers, by the functions that the exported C has. */
export class WasmWholeKernel {
  #memory;
  #layers;
  #pool;
  #answers;

  /** As `WholeKernel`; `memory`: a `WasmMemory`. */
  constructor({ card: { sizes }, layers, logitScale }, images, most, memory) {
    this.#memory = memory;
    this.#layers = layers.map((layer, index) => stored(layer, sizes[index], most, memory));
    this.#pool = memory.put(images);
    this.#answers = new Answers(sizes.at(-1), logitScale);
  }

  /** The letters of `count` images from the first one on, into `letters`. */
  read(first, count, letters) {
    const last = this.#layers.at(-1);
    let values = this.#pool + first * this.#layers[0].inputs;
    for (const layer of this.#layers.slice(0, -1)) {
      this.#hidden(layer, values, count);
      values = layer.target;
    }
    const { kernel } = this.#memory;
    kernel.logits(last.weights, last.biases, last.biasShift, last.multipliers, last.inputs, last.neurons, values, last.target, count);
    this.#answers.read(new Int32Array(kernel.memory.buffer, last.target, count * last.neurons), count, letters);
  }

  #hidden(layer, values, count) {
    const { kernel } = this.#memory;
    const { weights, biases, biasShift, multipliers, shift, shifts, table, inputs, neurons, target } = layer;
    if (table === null) {
      kernel.shifted(weights, biases, biasShift, shifts, inputs, neurons, values, target, count);
    } else {
      kernel.looked_up(weights, biases, biasShift, multipliers, shift, table, inputs, neurons, values, target, count);
    }
  }
}

/** Where a layer's arrays are, with room for what it computes. */
function stored({ weights, biases, multipliers, shifts, table }, inputs, most, memory) {
  const { short, biasShift } = inShort(biases);
  return {
    inputs,
    neurons: biases.length,
    weights: memory.put(weights),
    biases: memory.put(short),
    biasShift,
    multipliers: memory.put(Uint16Array.from(multipliers)),
    shift: shifts[0],
    shifts: memory.put(Uint8Array.from(shifts)),
    table: table ? memory.put(Uint8Array.from(table)) : null,
    target: memory.room(biases.length * most * Int32Array.BYTES_PER_ELEMENT),
  };
}

/** Biases as the file has them: whole numbers of 16 bits, all shifted alike. */
function inShort(biases) {
  const isLong = (value) => value < -(2 ** 15) || value >= 2 ** 15;
  let biasShift = 0;
  while (biases.some((bias) => isLong(bias / 2 ** biasShift))) {
    biasShift += 1;
  }
  return { short: Int16Array.from(biases, (bias) => bias / 2 ** biasShift), biasShift };
}
