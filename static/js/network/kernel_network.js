/**
 * The forward pass of many inputs at once by WebAssembly, eight times as quick as JavaScript: recognizer/exports/kernel/floats.c.
 * Its sums are in float32, as Python's are.
 */

import { ACTIVATIONS } from "./activations.js";
import { NetworkTogether } from "./together.js";
import { WasmMemory } from "./wasm_memory.js";

const AT_ONCE = 32; // inputs, as many as the kernel keeps in the processor's cache
const FLOAT = Float32Array.BYTES_PER_ELEMENT;

/**
 * What computes a network for many inputs at once: the kernel, or JavaScript where it cannot be had.
 * @param {import("./network.js").Network | import("./whole_network.js").WholeNetwork} network
 * @param {?string} address of the kernel's file
 */
export async function togetherBy(network, address) {
  if (!network.layers || !address) {
    return new NetworkTogether(network);
  }
  try {
    const response = await fetch(address);
    const { instance } = await WebAssembly.instantiate(await response.arrayBuffer());
    return new KernelNetwork(network, new WasmMemory(instance));
  } catch (error) {
    console.warn(`JavaScript computes: ${error.message}`); // no SIMD, a policy without WebAssembly, or it did not come
    return new NetworkTogether(network);
  }
}

/** As `NetworkTogether`. */
export class KernelNetwork {
  #memory;
  #layers;
  #inputs; // where they are
  #activation;
  #isRelu;

  constructor({ layers, activation }, memory) {
    this.#memory = memory;
    this.#layers = layers.map(({ matrix, biases }) => ({
      weights: memory.put(matrix),
      biases: memory.put(biases),
      size: matrix.length / biases.length,
      neurons: biases.length,
      outputs: memory.room(AT_ONCE * biases.length * FLOAT),
    }));
    this.#inputs = memory.room(AT_ONCE * this.#layers[0].size * FLOAT);
    this.#activation = ACTIVATIONS[activation];
    this.#isRelu = activation === "relu";
  }

  lastLayersOfAll(inputs) {
    const starts = inputs.flatMap((_, number) => (number % AT_ONCE ? [] : [number]));
    return starts.flatMap((start) => this.#lastLayers(inputs.slice(start, start + AT_ONCE)));
  }

  #lastLayers(inputs) {
    const last = this.#layers.at(-1);
    let values = this.#inputs;
    inputs.forEach((input, number) => {
      const target = this.#view(values, number, input.length);
      for (let place = 0; place < target.length; place += 1) {
        target[place] = input[place] / 255;
      }
    });
    for (const layer of this.#layers) {
      const isHidden = layer !== last;
      this.#compute(layer, values, inputs.length, isHidden && this.#isRelu);
      if (isHidden && !this.#isRelu) {
        this.#activate(layer, inputs.length);
      }
      values = isHidden ? layer.outputs : values;
    }
    return inputs.map((_, number) => ({
      hidden: this.#view(values, number, last.size).slice(),
      logits: this.#view(last.outputs, number, last.neurons).slice(),
    }));
  }

  #compute({ weights, biases, size, neurons, outputs }, values, count, isRelu) {
    this.#memory.kernel.floats(weights, biases, size, neurons, values, outputs, count, Number(isRelu));
  }

  #activate({ outputs, neurons }, count) {
    const sums = this.#view(outputs, 0, count * neurons);
    for (let place = 0; place < sums.length; place += 1) {
      sums[place] = this.#activation(sums[place]);
    }
  }

  /** The values of one input, of `size` each. */
  #view(place, number, size) {
    return new Float32Array(this.#memory.kernel.memory.buffer, place + number * size * FLOAT, size);
  }
}
