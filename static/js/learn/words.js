/** Numbers and sentences in the page's language. */

import { filled } from "../saw/numbers.js";

export class Words {
  #language;

  /** `texts` of the page, by name. */
  constructor(texts, language) {
    this.texts = texts;
    this.#language = language;
  }

  number(value, digits = 3) {
    return Number.isFinite(value) ? new Intl.NumberFormat(this.#language, { maximumSignificantDigits: digits }).format(value) : "∞";
  }

  percent(share, digits = 0) {
    return new Intl.NumberFormat(this.#language, { style: "percent", maximumFractionDigits: digits }).format(share);
  }

  /** The text of that name, filled in. */
  say(name, values = {}) {
    return filled(this.texts[name], values);
  }
}
