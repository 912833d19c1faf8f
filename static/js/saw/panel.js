/** The panel “What the network saw”: its parts, and what is told to each. Markup: templates/recognizer/saw.html. */

import { applyStyle } from "../style_sheet.js";
import { ChangeView } from "./change_view.js";
import { InkView } from "./ink_view.js";
import { LayerGrid } from "./layer_grid.js";
import { Looker } from "./looker.js";
import { NearestView } from "./nearest_view.js";
import { filled } from "./numbers.js";
import { Outputs } from "./outputs.js";

/**
 * @typedef {object} Drawing
 * @property {Uint8Array} picture 784 bytes
 * @property {Uint8Array} input
 * @property {string} letter that it is read as
 * @property {{id: ?number, name: string}} model that read it
 */

/** Fetch the panel's markup, with its style, and bring it to life. @returns {Promise<Panel>} */
export async function fetchPanel(place, { address, model }) {
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(`The panel did not come: ${response.status}.`);
  }
  const content = document.createElement("template");
  content.innerHTML = await response.text(); // our own page's markup
  await applyStyle(content.content); // (without style it can still be read)
  place.replaceChildren(content.content);
  return new Panel(place.firstElementChild, model);
}

class Panel {
  #root;
  #texts;
  #model;
  #looker;
  #grids = [];
  #outputs;
  #ink;
  #change;
  #nearest;
  #drawing = null;
  #isSettled = false;
  #read = "";

  constructor(root, model) {
    this.#root = root;
    this.#model = model;
    this.#texts = JSON.parse(root.querySelector("#saw-texts").textContent);
    this.#outputs = new Outputs(this.#part("outputs"), this.#texts);
    this.#ink = new InkView(this.#part("ink"), this.#texts);
    this.#change = new ChangeView(this.#part("change"), this.#part("change-sentence"), this.#texts);
    const { nearestUrl: address, workerUrl } = root.dataset;
    this.#nearest = new NearestView(this.#part("nearest"), this.#part("nearest-sentence"), { address, texts: this.#texts });
    this.#looker = new Looker(model, workerUrl, (part) => this.#tell(part));
    this.#outputs.addEventListener("choose", () => this.#ask());
    this.#part("back").addEventListener("click", () => this.#forgetChoice());
  }

  /** Show a drawing, or what is known of one that grows; null: there is none. @param {?Drawing} drawing */
  show(drawing, isSettled) {
    const isOther = drawing && (drawing.model.id !== this.#model.id || drawing.model.name !== this.#model.name);
    const isShown = Boolean(drawing) && !isOther && Boolean(this.#model.file);
    this.#say(!drawing ? "empty" : isOther ? "other_model" : this.#model.file ? "" : "unavailable");
    this.#root.dataset.state = isShown ? "shown" : "empty";
    this.#drawing = isShown ? drawing : null;
    this.#isSettled = isSettled;
    this.#nearest.forget();
    this.#root.dataset.stale = "yes";
    if (isShown) {
      this.#ask();
    }
  }

  /** Nobody looks any more: the server is not asked to go on. */
  close() {
    this.#nearest.cancel();
  }

  #ask() {
    const { picture, input } = this.#drawing;
    const chosen = this.#outputs.chosen;
    this.#part("back").hidden = chosen === null;
    this.#looker.ask({ picture, chosen, isSettled: this.#isSettled });
    if (this.#isSettled) {
      this.#change.search();
      this.#nearest.ask(input);
    }
  }

  #forgetChoice() {
    this.#outputs.choose(null);
    this.#part("outputs").querySelector("[data-read=yes]")?.focus();
    this.#ask();
  }

  #tell({ layers, ink, change, error }) {
    if (error) {
      console.warn(error);
      this.#root.dataset.state = "empty";
      this.#say("unavailable");
    } else if (layers) {
      this.#showLayers(layers);
    } else if (ink) {
      this.#ink.show(ink, this.#drawing.picture);
      this.#root.dataset.stale = "no";
    } else {
      this.#change.show(change, this.#drawing.picture, this.#read);
      this.#root.dataset.told = "all";
    }
  }

  #showLayers(layers) {
    delete this.#root.dataset.told;
    this.#read = layers.read;
    if (this.#grids.length !== layers.hidden.length) {
      this.#grids = layers.hidden.map((_, index) => new LayerGrid(index + 1, this.#texts));
      this.#part("layers").replaceChildren(...this.#grids.map(({ root }) => root));
    }
    layers.hidden.forEach((values, index) => this.#grids[index].show(values));
    this.#outputs.show(layers);
    const { letter } = this.#drawing;
    const words = { letter, own: layers.read };
    this.#part("corrected").textContent = letter === layers.read ? "" : filled(this.#texts.corrected, words);
  }

  #say(name) {
    this.#part("hint").textContent = name ? this.#texts[name] : "";
  }

  #part(name) {
    return this.#root.querySelector(`[data-part="${name}"]`);
  }
}
