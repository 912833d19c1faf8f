/** Numbers and sentences in the page's language. */

import { filled } from "../saw/numbers.js";

export class Words {
  #language;
  #plural;

  /** `texts` of the page, by name; one that goes by a number has a form for each kind of number. */
  constructor(texts, language) {
    this.texts = texts;
    this.#language = language;
    this.#plural = new Intl.PluralRules(language);
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

  /** The text of that name in the form that goes with a number, its `{count}`. */
  count(name, count, values = {}) {
    return filled(this.texts[name][this.#plural.select(count)], { ...values, count: this.number(count, 9) });
  }
}
