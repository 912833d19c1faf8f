/** What computes a model in a backend. */

import { FloatKernel } from "./float_kernel.js";
import { WasmFloatKernel, WasmWholeKernel } from "./wasm_kernels.js";
import { WasmMemory } from "../network/wasm_memory.js";
import { WholeKernel } from "./whole_kernel.js";

/**
 * @param {object} content as `readModelFile` gives it
 * @param {string} backend `javascript` or `wasm`
 * @param {Uint8Array} inputs (n, inputs)
 * @param {number} most images that are read at once
 * @param {ArrayBuffer} code of the WebAssembly kernel
 */
export async function kernelOf(content, backend, inputs, most, code) {
  if (backend === "javascript") {
    return new (content.layers ? WholeKernel : FloatKernel)(content, inputs, most);
  }
  const { instance } = await WebAssembly.instantiate(code);
  const Kernel = content.layers ? WasmWholeKernel : WasmFloatKernel;
  return new Kernel(content, inputs, most, new WasmMemory(instance));
}
