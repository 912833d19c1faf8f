/** Shows a reading in the markup of templates/recognizer/reading.html, which the server fills the same way. */

import { mapCells, mapsSide, pixels } from "./input.js";

export class ReadingView {
  #root;
  #texts;
  #percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
  #number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });

  #maps = null; // {input, shape} of the last input that has maps of directions

  constructor(root, texts) {
    this.#root = root;
    this.#texts = texts;
    this.#part("maps").addEventListener("toggle", () => this.#drawMaps());
  }

  /** Nothing is drawn. */
  ready() {
    this.#set("ready");
    this.#say("");
  }

  /** A question is under way, or the pen moves; the last answer stays until the next, but is not sure any more. */
  reading() {
    Object.assign(this.#root.dataset, { state: "reading", certainty: "" });
  }

  /** What a drawing looks like that may go on; null: nobody knows yet. It is shown without weight, and not said. */
  grow(answer) {
    if (answer) {
      this.#set("growing", { letter: answer.letter, model: answer.model.name });
      this.#part("letter").textContent = answer.letter;
      this.#part("verdict").textContent = this.#texts.growing;
      this.#showAnswer(answer);
    }
  }

  /** What the page itself made of the strokes, {picture, input, shape} with ink bright, or null. The last answer stays. */
  showInk(own) {
    this.#root.dataset.ink = own ? "own" : "";
    if (own) {
      this.#showInput(own, true);
    }
  }

  /** An answer has come. */
  show(answer) {
    const certainty = this.#certainty(answer);
    const verdict = this.#verdict(answer, certainty);
    this.#set("read", { letter: answer.letter, model: answer.model.name, certainty });
    this.#part("letter").textContent = certainty === "refused" ? "?" : answer.letter;
    this.#part("verdict").textContent = verdict;
    this.#showAnswer(answer);
    this.#say(certainty === "sure" ? `${answer.letter}, ${verdict}` : verdict);
  }

  /** There is no answer; `sentence` says why. */
  fail(sentence) {
    this.#set("error");
    this.#part("error").textContent = sentence;
    this.#say(sentence);
  }

  #set(state, { letter = "", model = "", certainty = "" } = {}) {
    Object.assign(this.#root.dataset, { state, letter, model, certainty });
  }

  #part(name) {
    return this.#root.querySelector(`[data-part="${name}"]`);
  }

  #say(text) {
    this.#part("live").textContent = text;
  }

  #showInput({ picture, input, shape }, inkIsBright) {
    this.#part("input").replaceChildren(...pixels(picture, inkIsBright));
    this.#maps = shape.length === 3 ? { input, shape } : null;
    this.#part("maps").hidden = !this.#maps;
    this.#drawMaps();
  }

  /** The maps of the eight directions, while they are open. */
  #drawMaps() {
    if (this.#maps && this.#part("maps").open) {
      const { input, shape } = this.#maps;
      const picture = this.#part("map-cells");
      picture.setAttribute("viewBox", `0 0 ${mapsSide(shape)} ${mapsSide(shape)}`);
      picture.replaceChildren(...mapCells(input, shape));
    }
  }

  #certainty({ best, refused }) {
    if (refused) {
      return "refused";
    }
    return best[0].probability >= this.#texts.sure_from ? "sure" : "unsure";
  }

  #verdict({ best: [first, second], twin }, certainty) {
    const text = this.#texts[certainty === "sure" && twin ? "sure_with_twin" : certainty];
    return text
      .replace("{percent}", this.#percent.format(first.probability))
      .replace("{digit}", twin ?? "")
      .replace("{first}", first.letter)
      .replace("{second}", second?.letter ?? "");
  }

  /** All that an answer has beside its letter. */
  #showAnswer(answer) {
    this.#showBest(answer.best);
    if (!answer.isOwn) {
      this.#showInput(answer, answer.ink_bright); // (the page's own input is there already)
    }
    this.#part("time").textContent = this.#number.format(answer.milliseconds);
    this.#part("here").hidden = !answer.isOwn;
    this.#part("there").hidden = answer.isOwn === true;
    this.#part("whole").hidden = answer.isOwn === true;
    this.#part("whole-time").textContent = answer.isOwn ? "" : this.#number.format(answer.elapsed);
    this.#showModel(answer.model);
  }

  #showBest(best) {
    [...this.#part("best").children].forEach((row, index) => {
      const guess = best[index];
      row.hidden = !guess;
      if (guess) {
        row.querySelector(".guess-letter").textContent = guess.letter;
        row.querySelector("meter").value = guess.probability;
        row.querySelector(".guess-percent").textContent = this.#percent.format(guess.probability);
      }
    });
  }

  #showModel(model) {
    const link = this.#part("model");
    link.textContent = model.name;
    if (model.url) {
      link.setAttribute("href", model.url);
    } else {
      link.removeAttribute("href");
    }
  }
}
