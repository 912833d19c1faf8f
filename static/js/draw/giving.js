/** Giving a drawing: asked once, then after each reading what was drawn. Markup: templates/recognizer/giving.html. */

import { Consent } from "./consent.js";

export class Giving {
  #root;
  #texts;
  #consent = new Consent();
  #drawing = null;

  /** `texts`: {kept, not_kept, unreachable} in the page's language. */
  constructor(root, texts) {
    this.#root = root;
    this.#texts = texts;
    root.hidden = false;
    this.#on("[data-agree]", "click", () => this.#agree());
    this.#on("[data-revoke]", "click", () => this.#revoke());
    this.#on("[data-right]", "click", () => this.#give(this.#drawing.guess));
    this.#on("[data-letter]", "change", (event) => event.target.value && this.#give(event.target.value));
    this.#on("[data-form]", "submit", (event) => event.preventDefault());
    this.#show("none");
  }

  /** Strokes were read: `strokes` as they were sent, `answer` as it came. */
  read(strokes, answer) {
    this.#drawing = { strokes, guess: answer.letter };
    this.#part("guess").textContent = answer.letter;
    this.#offer(answer.model.letters ?? "");
    this.#show("question");
  }

  /** The drawing is another one now, or none. */
  forget() {
    this.#drawing = null;
    this.#show("none");
  }

  #agree() {
    this.#consent.agree();
    this.#show(this.#drawing ? "question" : "none");
  }

  #revoke() {
    this.#consent.revoke();
    this.#show(this.#drawing ? "question" : "none");
  }

  async #give(letter) {
    const drawing = this.#drawing;
    this.#show("giving");
    const body = JSON.stringify({ strokes: drawing.strokes, letter, consent: true, code: this.#consent.code });
    const { code, sentence } = await this.#post(body);
    if (code) {
      this.#consent.remember(code);
    }
    if (this.#drawing === drawing) {
      this.#show(code ? "given" : "question", code ? this.#texts.kept.replace("{letter}", letter) : sentence);
    } else {
      this.#showCode();
    }
  }

  /** {code} where the drawing was kept, {sentence} where it was not. */
  async #post(body) {
    try {
      const request = { method: "POST", headers: { "Content-Type": "application/json" }, body };
      const response = await fetch(this.#root.dataset.giveUrl, request);
      const content = await response.json().catch(() => null);
      return response.ok && content ? content : { sentence: content?.error ?? this.#texts.not_kept };
    } catch {
      return { sentence: this.#texts.unreachable };
    }
  }

  /** The letters to choose from, those of the model that read. */
  #offer(letters) {
    const select = this.#root.querySelector("[data-letter]");
    select.replaceChildren(select.options[0], ...[...letters].map((letter) => new Option(letter, letter)));
    select.value = "";
  }

  #show(phase, said = "") {
    this.#root.dataset.phase = phase;
    this.#root.dataset.consent = this.#consent.agreed ? "yes" : "no";
    this.#part("said").textContent = said;
    this.#showCode();
  }

  #showCode() {
    this.#part("code").textContent = this.#consent.code;
    this.#part("owner").hidden = !this.#consent.code;
  }

  #part(name) {
    return this.#root.querySelector(`[data-part="${name}"]`);
  }

  #on(selector, event, act) {
    this.#root.querySelector(selector).addEventListener(event, act);
  }
}
