/** Measures in a thread of its own. In comes one job with its files; out come numbers of repeats, then the result or an error. */

import { readModelFile } from "../network/model_file.js";
import { readImages } from "./images_file.js";
import { kernelOf } from "./kernels.js";
import { measure } from "./measure.js";

addEventListener("message", async ({ data: { workload, model, images, kernelUrl } }) => {
  try {
    const code = workload.backend === "wasm" ? await (await fetch(kernelUrl)).arrayBuffer() : null;
    const read = readImages(new Uint8Array(images));
    const began = performance.now();
    const content = readModelFile(new Uint8Array(model));
    const load_seconds = (performance.now() - began) / 1000;
    const kernel = await kernelOf(content, workload.backend, read.inputs, workload.batch_size, code);
    const measured = await measure(kernel, read, workload, (repeat) => postMessage({ repeat }));
    postMessage({ result: { ...measured, load_seconds, isolated: globalThis.crossOriginIsolated ?? false } });
  } catch (error) {
    postMessage({ error: String(error) });
  }
});
