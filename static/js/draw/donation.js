/** Donating a drawing: asked once, then each that is confirmed or corrected. Markup: templates/recognizer/donation.html. */

import { unreachable } from "./client.js";
import { Consent, LICENCE } from "./consent.js";

export class Donation {
  #root;
  #texts;
  #consent = new Consent();
  #drawing = null;
  #kept = null; // the key of the drawing that was kept last, while it can be taken back

  /** `texts`: {kept, not_kept, taken_back, not_taken_back, unreachable, offline} in the page's language. */
  constructor(root, texts) {
    this.#root = root;
    this.#texts = texts;
    root.hidden = false;
    this.#on("[data-agree]", "click", () => this.#agree());
    this.#on("[data-revoke]", "click", () => this.#revoke());
    this.#on("[data-take-back]", "click", () => this.#takeBack());
    this.#on("[data-right]", "click", () => this.#donate(this.#drawing.guess));
    this.#show("none");
  }

  /** Strokes were read: `strokes` as they were sent, `answer` as it came. */
  read(strokes, answer) {
    this.#drawing = { strokes, guess: answer.letter };
    this.#part("guess").textContent = answer.letter;
    this.#show("question");
  }

  /** The drawing that was read is this letter: with consent it is donated as that. */
  correct(letter) {
    if (this.#consent.agreed && this.#drawing) {
      this.#donate(letter);
    }
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

  async #donate(letter) {
    const drawing = this.#drawing;
    this.#show("sending");
    const { strokes } = drawing;
    const body = JSON.stringify({ strokes, letter, consent: true, licence: LICENCE, code: this.#consent.code });
    const { id, code, sentence } = await this.#post(this.#root.dataset.donateUrl, body, this.#texts.not_kept);
    if (code) {
      this.#consent.remember(code);
    }
    if (this.#drawing === drawing) {
      this.#kept = id ?? null;
      this.#show(code ? "kept" : "question", code ? this.#texts.kept.replace("{letter}", letter) : sentence);
    } else {
      this.#showCode();
    }
  }

  /** Delete the drawing that was kept just now, and no other. */
  async #takeBack() {
    const { drawing, kept } = { drawing: this.#drawing, kept: this.#kept };
    const body = JSON.stringify({ code: this.#consent.code, id: kept });
    const { deleted, sentence } = await this.#post(this.#root.dataset.deleteUrl, body, this.#texts.not_taken_back);
    if (this.#drawing === drawing) {
      this.#kept = sentence ? kept : null;
      this.#show(sentence ? "kept" : "question", sentence ?? this.#texts[deleted ? "taken_back" : "not_taken_back"]);
    }
  }

  /** What the server answers; {sentence} where it did not do it. */
  async #post(address, body, otherwise) {
    try {
      const request = { method: "POST", headers: { "Content-Type": "application/json" }, body };
      const response = await fetch(address, request);
      const content = await response.json().catch(() => null);
      return response.ok && content ? content : { sentence: content?.error ?? otherwise };
    } catch {
      return { sentence: unreachable(this.#texts) };
    }
  }

  #show(phase, status = "") {
    this.#root.dataset.phase = phase;
    this.#root.dataset.consent = this.#consent.agreed ? "yes" : "no";
    this.#part("status").textContent = status;
    this.#root.querySelector("[data-take-back]").hidden = phase !== "kept" || this.#kept === null;
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
