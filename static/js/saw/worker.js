/** Looks in a thread of its own, so that the page never waits. In comes a model, then numbered questions; out come parts. */

import { Looking } from "./looking.js";

let looking = null;

addEventListener("message", ({ data: { model, question, number } }) => {
  if (model) {
    looking = new Looking(model);
  } else {
    looking.look(question, (part) => postMessage({ ...part, number }));
  }
});
