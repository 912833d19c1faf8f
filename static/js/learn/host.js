/** Where the training runs: in a worker, or on the page itself where there is none. */

export class Host extends EventTarget {
  #addresses;
  #worker = null;
  #engine = null; // a promise of an Engine on the page itself
  #sent = []; // what a worker that has not answered yet was told

  /**
   * Nothing is loaded before the first message. What the engine tells comes as events named `message`, with {kind, …} as
   * `detail`.
   * @param {{worker: string, engine: string}} addresses of learn/worker.js and learn/engine.js
   */
  constructor(addresses) {
    super();
    this.#addresses = addresses;
  }

  #start() {
    try {
      this.#worker = new Worker(this.#addresses.worker, { type: "module" });
      this.#worker.addEventListener("message", ({ data }) => {
        this.#sent = null;
        this.#hear(data);
      });
      this.#worker.addEventListener("error", () => this.#runHere());
    } catch {
      this.#runHere();
    }
  }

  /** Whether the page itself does the work. */
  get isHere() {
    return this.#engine !== null;
  }

  async tell(message) {
    if (!this.#worker && !this.#engine) {
      this.#start();
    }
    if (this.#worker) {
      this.#sent?.push(message);
      this.#worker.postMessage(message);
    } else {
      (await this.#engine).hear(message);
    }
  }

  #hear(message) {
    this.dispatchEvent(new CustomEvent("message", { detail: message }));
  }

  /** This browser has no module workers, or the worker's file did not come. */
  #runHere() {
    this.#worker?.terminate();
    this.#worker = null;
    const waiting = this.#sent ?? [];
    this.#sent = null;
    this.#engine ??= import(this.#addresses.engine).then(({ Engine }) => new Engine((message) => this.#hear(message)));
    waiting.forEach((message) => this.tell(message));
  }
}
