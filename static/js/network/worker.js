/**
 * Reads in a thread of its own, so that the pen never waits. In comes a model, then
 * corrections and questions; out come answers to the questions.
 */

import { Reader } from "./reader.js";

let reader = null;

addEventListener("message", async ({ data }) => {
  if (data.model) {
    reader = new Reader(data.model);
    postMessage("ready");
  } else if (data.corrections) {
    reader.adapt(data.corrections);
  } else {
    postMessage(await reader.read(data.strokes, data.options));
  }
});
