/** What the network saw, below the answer; nothing of it is loaded before it is opened. Markup: recognizer/draw.html. */

export class Saw {
  #root;
  #model;
  #failure;
  #panel = null; // a promise of a Panel
  #drawing = null;
  #isSettled = false;

  /** `model`: {id, name, file, sha256} of the model in service; `failure`: says that the panel did not come. */
  constructor(root, model, failure) {
    this.#root = root;
    this.#model = model;
    this.#failure = failure;
    root.addEventListener("toggle", () => this.#tell());
  }

  /** A drawing as it was answered, or null: there is none. `isSettled`: it is whole. */
  show(drawing, isSettled) {
    this.#drawing = drawing;
    this.#isSettled = isSettled;
    this.#root.hidden &&= !drawing;
    if (this.#root.open) {
      this.#tell();
    }
  }

  async #tell() {
    const { open } = this.#root;
    if (open) {
      this.#panel ??= this.#load();
    }
    const panel = await this.#panel;
    if (open && this.#root.open) {
      panel?.show(this.#drawing, this.#isSettled);
    } else {
      panel?.close();
    }
  }

  async #load() {
    const status = this.#root.querySelector("[role=status]");
    try {
      status.textContent = "";
      const { panelUrl: address, scriptUrl } = this.#root.dataset;
      const { fetchPanel } = await import(scriptUrl); // (by its address, or a bundle of the page would have all of it)
      return await fetchPanel(this.#root.querySelector("[data-part=panel]"), { address, model: this.#model });
    } catch (error) {
      console.warn(error.message);
      status.textContent = this.#failure();
      this.#panel = null; // it may come when it is opened again
      return null;
    }
  }
}
