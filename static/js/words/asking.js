/** Asks for words: a worker, or the page itself where there is none; the server where the model has not come to it. */

import { unreachable } from "../draw/client.js";

export class WordAsking {
  #model;
  #texts;
  #address;
  #worker = null;
  #answering = null; // a promise of a WordAnswering on the page itself
  #asked = null;
  #next = null;

  /** `address`: where the server reads words; `workerAddress`: of words/worker.js. */
  constructor({ model, texts, address, workerAddress }) {
    this.#model = model;
    this.#texts = texts;
    this.#address = address;
    try {
      this.#worker = new Worker(workerAddress, { type: "module" });
      this.#worker.addEventListener("message", ({ data }) => this.#answer(data));
      this.#worker.addEventListener("error", () => this.#answerHere());
      this.#worker.postMessage({ model });
    } catch {
      this.#answerHere();
    }
  }

  /**
   * Read strokes, {strokes, mends, lexicon}; one question at a time is answered, and of those that come meanwhile the last.
   * @returns {Promise<?import("./answering.js").WordAnswer>} null where a later one took its place
   */
  ask(question) {
    this.#next?.resolve(null);
    return new Promise((resolve) => {
      this.#next = { question, resolve };
      this.#go();
    });
  }

  /**
   * What the server reads, as a WordAnswer. @throws {Error} Its message is a sentence.
   */
  async askServer({ strokes, lexicon }) {
    const body = JSON.stringify({ strokes, lexicon: Boolean(lexicon) });
    const begun = performance.now();
    const response = await fetch(this.#address, { method: "POST", body, headers: { "Content-Type": "application/json" } }).catch(() => {
      throw new Error(unreachable(this.#texts));
    });
    const content = await response.json().catch(() => null);
    if (!response.ok || !content) {
      throw new Error(content?.error ?? (response.status === 429 ? this.#texts.too_often : this.#texts.unread));
    }
    return { word: content, letters: "", milliseconds: performance.now() - begun };
  }

  #go() {
    if (this.#next && !this.#asked) {
      this.#asked = this.#next;
      this.#next = null;
      this.#send(this.#asked);
    }
  }

  async #send({ question }) {
    if (this.#worker) {
      this.#worker.postMessage(question);
    } else {
      this.#answer(await (await this.#answering).answer(question));
    }
  }

  #answer(answer) {
    this.#asked?.resolve(answer);
    this.#asked = null;
    this.#go();
  }

  #answerHere() {
    this.#worker?.terminate();
    this.#worker = null;
    this.#answering ??= import("./answering.js").then(({ WordAnswering }) => new WordAnswering(this.#model));
    if (this.#asked) {
      this.#send(this.#asked);
    }
  }
}
