/** Says what is right and what is wrong with a drawing. Markup: templates/copybook/index.html. */

const SURE = 0.5; // of the network; below it nothing is said of other letters

export class ResultView {
  #root;
  #texts;
  #language = document.documentElement.lang;
  #percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 0 });

  constructor(root, texts) {
    this.#root = root;
    this.#texts = texts;
  }

  clear() {
    this.#root.dataset.verdict = "";
    this.#say([]);
  }

  /** A sentence without a verdict. */
  tell(sentence) {
    this.#root.dataset.verdict = "";
    this.#say([sentence]);
  }

  /**
   * `letter` and its `elements`; `answer` of the judge, with `order` where it was another one than at school's;
   * `read`: {letter, probability, refused} or {why} of the network, or null.
   */
  show({ letter, elements, answer, read }) {
    this.#root.dataset.verdict = answer.verdict;
    this.#root.dataset.element = elements[answer.element]?.id ?? "";
    this.#say([this.#verdict(letter, elements, answer), this.#order(elements, answer), this.#network(letter, read)]);
  }

  /** An element's name in the page's language. */
  nameOf(element) {
    return element.name[this.#language] ?? element.name.en;
  }

  #verdict(letter, elements, { verdict, element, closeness }) {
    const about = { letter, percent: this.#percent.format(closeness), element: elements[element] ? this.nameOf(elements[element]) : "" };
    return filled(this.#texts[verdict], about);
  }

  #order(elements, { verdict, isOtherOrder }) {
    if (verdict !== "right" || !isOtherOrder) {
      return "";
    }
    const names = elements.map((element, number) => `${number + 1} ${this.nameOf(element)}`);
    return filled(this.#texts.order, { elements: names.join(", ") });
  }

  #network(letter, read) {
    if (!read) {
      return "";
    }
    if (read.why) {
      return filled(this.#texts.reads_nothing, read);
    }
    if (read.refused) {
      return this.#texts.reads_none;
    }
    const isSame = read.letter === letter.toUpperCase();
    if (!isSame && read.probability < SURE) {
      return "";
    }
    const about = { read: read.letter, percent: this.#percent.format(read.probability) };
    return filled(isSame ? this.#texts.reads_it : this.#texts.reads_other, about);
  }

  #say(sentences) {
    const lines = sentences.filter(Boolean).map((sentence) => {
      const line = document.createElement("p");
      line.textContent = sentence;
      return line;
    });
    this.#root.replaceChildren(...lines);
  }
}

/** A text with its words in braces filled in. */
export function filled(text, words) {
  return text.replace(/\{(\w+)\}/g, (_whole, name) => words[name] ?? "");
}
