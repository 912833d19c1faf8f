/** The training pictures that the network finds most alike, which the server looks for: they are its data sets'. */

import { activation, filled, whole } from "./numbers.js";
import { graphic, ink } from "./svg.js";

const AGAIN = 1000; // milliseconds until the server is asked to go on
const WAIT = 5000; // where it has been asked too often

export class NearestView {
  #root;
  #sentence;
  #texts;
  #address;
  #asking = null; // aborts what is being asked

  /** `address`: of the API; `texts`: {looking, nearest, gone_through, none_here, one, offline} in the page's language. */
  constructor(root, sentence, { address, texts }) {
    this.#root = root;
    this.#sentence = sentence;
    this.#address = address;
    this.#texts = texts;
  }

  /** The drawing is another one, or nobody looks. */
  cancel() {
    this.#asking?.abort();
    this.#asking = null;
  }

  forget() {
    this.cancel();
    this.#root.replaceChildren();
    this.#sentence.textContent = "";
  }

  /** @param {Uint8Array} input of the network */
  async ask(input) {
    this.cancel();
    const { signal } = (this.#asking = new AbortController());
    this.#sentence.textContent = this.#texts.looking;
    const body = JSON.stringify({ input: btoa(String.fromCharCode(...input)) });
    for (let rest = 0; rest !== null && !signal.aborted; await pause(rest, signal)) {
      rest = await this.#askOnce({ method: "POST", headers: { "Content-Type": "application/json" }, body, signal });
    }
  }

  /** Ask, and show the answer; milliseconds until it is worth asking again, null: it is not. */
  async #askOnce(request) {
    try {
      const response = await fetch(this.#address, request);
      const content = await response.json().catch(() => null);
      if (!response.ok || !content) {
        this.#sentence.textContent = content?.error ?? this.#texts.offline;
        return response.status === 429 ? WAIT : null;
      }
      this.#show(content);
      return content.searched < content.total ? AGAIN : null;
    } catch {
      if (!request.signal.aborted) {
        this.#sentence.textContent = this.#texts.offline;
      }
      return null;
    }
  }

  #show({ nearest, searched, total }) {
    const whereOf = { searched: whole(searched), total: whole(total) };
    this.#sentence.textContent = total ? filled(searched < total ? this.#texts.gone_through : this.#texts.nearest, whereOf) : this.#texts.none_here;
    this.#root.replaceChildren(...nearest.map((each) => this.#item(each)));
  }

  #item({ letter, distance, dataset, url, picture }) {
    const [item, link, caption] = ["li", "a", "span"].map((tag) => document.createElement(tag));
    const words = { letter, distance: activation(distance), dataset };
    const drawn = graphic(filled(this.#texts.one, words));
    drawn.append(...ink(Uint8Array.from(atob(picture), (character) => character.charCodeAt(0)), 0));
    link.href = url;
    caption.textContent = letter;
    caption.lang = "ru";
    const note = document.createElement("small");
    note.textContent = activation(distance);
    caption.setAttribute("aria-hidden", "true");
    note.setAttribute("aria-hidden", "true");
    link.title = filled(this.#texts.one, words);
    link.append(drawn, caption, note);
    item.append(link);
    return item;
  }
}

function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds ?? 0);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}
