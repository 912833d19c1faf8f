/** Asks what the network saw: in a worker, or on the page itself where there is none. The latest question wins. */

export class Looker {
  #model;
  #tell;
  #worker = null;
  #looking = null; // a promise of a Looking on the page itself
  #number = 0;
  #question = null;

  /** `model`: {file, sha256}; `workerAddress`: of saw/worker.js; `tell`: is given the parts of the latest answer. */
  constructor(model, workerAddress, tell) {
    this.#model = model;
    this.#tell = tell;
    try {
      this.#worker = new Worker(workerAddress, { type: "module" });
      this.#worker.addEventListener("message", ({ data }) => this.#hear(data));
      this.#worker.addEventListener("error", () => this.#lookHere());
      this.#worker.postMessage({ model });
    } catch {
      this.#lookHere();
    }
  }

  /** @param {import("./looking.js").Question} question */
  ask(question) {
    this.#number += 1;
    this.#question = question;
    this.#send();
  }

  #send() {
    const [question, number] = [this.#question, this.#number];
    if (this.#worker) {
      this.#worker.postMessage({ question, number });
    } else {
      this.#looking.then((looking) => looking.look(question, (part) => this.#hear({ ...part, number })));
    }
  }

  #hear({ number, ...part }) {
    if (number === this.#number) {
      this.#tell(part);
    }
  }

  #lookHere() {
    this.#worker?.terminate();
    this.#worker = null;
    this.#looking ??= import("./looking.js").then(({ Looking }) => new Looking(this.#model));
    if (this.#question) {
      this.#send();
    }
  }
}
