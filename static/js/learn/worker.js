/** The worker of the page: the engine behind messages. */

import { Engine } from "./engine.js";

const engine = new Engine((message) => postMessage(message));
addEventListener("message", ({ data }) => engine.hear(data));
