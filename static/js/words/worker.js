/** Reads words in a thread of its own, so that the pen never waits. In comes a model, then questions; out come answers. */

import { WordAnswering } from "./answering.js";

let answering = null;

addEventListener("message", async ({ data }) => {
  if (data.model) {
    answering = new WordAnswering(data.model);
  } else {
    postMessage(await answering.answer(data));
  }
});
