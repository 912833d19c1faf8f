/** Reads drawings as they grow: in a worker, or on the page itself where there is none. */

export class LiveReader {
  #model;
  #worker = null;
  #reader = null; // a promise of a Reader on the page itself
  #asked = null;
  #next = null;
  #corrections = [];

  /** `model`: {ink, file, sha256} of the model in service; `workerAddress`: of network/worker.js. */
  constructor(model, workerAddress) {
    this.#model = model;
    try {
      this.#worker = new Worker(workerAddress, { type: "module" });
      this.#worker.addEventListener("message", ({ data }) => data !== "ready" && this.#answer(data));
      this.#worker.addEventListener("error", () => this.#readHere());
      this.#worker.postMessage({ model });
    } catch {
      this.#readHere();
    }
  }

  /**
   * Read strokes. One drawing is read at a time; of those that come meanwhile only the last one is.
   * @returns {Promise<?import("./reader.js").OwnReading>} null where a later drawing took its place
   */
  read(strokes, options = {}) {
    this.#next?.resolve(null);
    return new Promise((resolve) => {
      this.#next = { strokes, options, resolve };
      this.#ask();
    });
  }

  /** Read from now on as the owner of these drawings writes: {letter, strokes}, all of them. */
  adapt(corrections) {
    this.#corrections = corrections;
    this.#worker?.postMessage({ corrections });
    this.#reader?.then((reader) => reader.adapt(corrections));
  }

  #ask() {
    if (this.#next && !this.#asked) {
      this.#asked = this.#next;
      this.#next = null;
      this.#send(this.#asked);
    }
  }

  async #send({ strokes, options }) {
    if (this.#worker) {
      this.#worker.postMessage({ strokes, options });
    } else {
      this.#answer(await (await this.#reader).read(strokes, options));
    }
  }

  #answer(reading) {
    this.#asked?.resolve(reading);
    this.#asked = null;
    this.#ask();
  }

  /** The worker is none: this browser has no module workers, or its file did not come. What it would do is done here. */
  #readHere() {
    this.#worker?.terminate();
    this.#worker = null;
    this.#reader ??= import("./reader.js").then(({ Reader }) => {
      const reader = new Reader(this.#model);
      reader.adapt(this.#corrections);
      return reader;
    });
    if (this.#asked) {
      this.#send(this.#asked);
    }
  }
}
