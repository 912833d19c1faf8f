/** The training pictures that pulled most on a letter that was read. */

import { inks, paintLetter } from "./pixels.js";

export class PulledView {
  #list;
  #said;
  #words;
  #letters;

  constructor(list, said, words) {
    this.#list = list;
    this.#said = said;
    this.#words = words;
    this.#letters = [...document.querySelectorAll(".learn-truth")].map(({ textContent }) => textContent);
  }

  /** Another network: what was said of the last one is said no longer. */
  clear() {
    this.#said.textContent = "";
    this.#list.replaceChildren();
  }

  /** {label, read, probability, pictures: {label, read, pull, picture}[]} as the engine tells it. */
  show({ label, read, probability, pictures }) {
    const colours = inks();
    const values = { letter: this.#letters[label], read: this.#letters[read], percent: this.#words.percent(probability) };
    const name = !pictures.length ? "pulled_none" : read === label ? "pulled_right" : "pulled_of";
    this.#said.textContent = this.#words.say(name, values);
    this.#list.replaceChildren(...pictures.map((each) => this.#item(each, colours)));
  }

  #item({ label, read, picture }, colours) {
    const [item, figure, canvas, caption] = ["li", "figure", "canvas", "figcaption"].map((name) => document.createElement(name));
    paintLetter(canvas, picture, colours);
    canvas.setAttribute("aria-hidden", "true");
    caption.className = "small";
    caption.textContent = this.#words.say("pulled_picture", { letter: this.#letters[label], read: this.#letters[read] });
    figure.append(canvas, caption);
    item.append(figure);
    return item;
  }
}
