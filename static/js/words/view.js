/** Shows a word under its ink: each letter a button, and between two of them a button that joins them. */

import { LetterChoice } from "./choice.js";

/** Dispatches "choose", "join", "cut" and "forget" with {strokes, letter} in `detail`. */
export class WordView extends EventTarget {
  #root;
  #texts;
  #size;
  #choice;
  #shown = null; // the answer that is shown for good
  #frame = null; // around the ink of the letter that is chosen
  #percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 0 });
  #number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });

  /** `size`: of the sheet in the unit of the answers' boxes, {wide, high}. */
  constructor(root, { texts, size }) {
    super();
    this.#root = root;
    this.#texts = texts;
    this.#size = size;
    this.#choice = new LetterChoice(this.#part("choice"), texts);
    for (const kind of ["choose", "cut", "forget"]) {
      this.#choice.addEventListener(kind, ({ detail }) => this.#tell(kind, detail));
    }
    this.#choice.addEventListener("close", () => this.#close());
    root.querySelector(".word-reading").addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#choice.isOffered) {
        event.stopPropagation(); // the sheet is not cleared by it
        this.#close();
      }
    });
    this.#frame = document.createElement("div");
    Object.assign(this.#frame, { className: "word-frame", hidden: true });
    root.querySelector(".sheet").append(this.#frame);
  }

  /** Nothing is drawn. */
  ready() {
    this.#become("ready", null);
    this.#say("");
  }

  /** The pen moves: what was read is not sure any more, and no letter is asked about. */
  follow() {
    this.#shown = null;
    this.#hideChoice();
    this.#root.dataset.state = "reading";
  }

  /** What a word that may go on looks like, without weight; it is not said. */
  grow({ word }) {
    this.#become("growing", null, word);
    this.#part("verdict").textContent = this.#texts.growing;
  }

  /** A word was read. */
  show(answer) {
    const kept = this.#focused();
    this.#become("read", answer, answer.word);
    this.#part("verdict").textContent = this.#verdict(answer.word);
    this.#part("facts").textContent = this.#texts[answer.isOwn ? "here" : "there"].replace("{time}", this.#number.format(answer.milliseconds));
    this.#say(`${answer.word.text}. ${this.#verdict(answer.word)}`);
    if (kept !== null) {
      this.#letterButton(Math.min(kept, answer.word.letters.length - 1)).focus();
    }
  }

  /** There is no word; `sentence` says why. */
  fail(sentence) {
    this.#become("error", null);
    this.#part("error").textContent = sentence;
    this.#say(sentence);
  }

  #become(state, answer, word = null) {
    this.#shown = answer;
    this.#hideChoice();
    Object.assign(this.#root.dataset, { state, word: word?.text ?? "" });
    this.#part("line").replaceChildren(...(word?.letters ?? []).flatMap((letter, place) => this.#buttons(letter, place, word.letters)));
  }

  /** A letter, and before it what joins it to the one before; while the word grows it is not for tapping. */
  #buttons(letter, place, letters) {
    const before = letters[place - 1];
    const own = this.#button("word-letter", letter.letter, () => this.#open(place));
    own.dataset.certainty = this.#certainty(letter);
    own.ariaExpanded = "false";
    own.ariaLabel = this.#texts.letter
      .replace("{number}", place + 1)
      .replace("{letter}", letter.letter)
      .replace("{certainty}", this.#texts.certainty[own.dataset.certainty].replace("{percent}", this.#percent.format(shareOf(letter))));
    if (!before || !this.#shown?.isOwn) {
      return [own];
    }
    const join = this.#button("word-join", "", () => this.#tell("join", { place: place - 1, strokes: [...before.strokes, ...letter.strokes] }));
    join.ariaLabel = this.#texts.join.replace("{first}", before.letter).replace("{second}", letter.letter);
    join.title = join.ariaLabel;
    return [join, own];
  }

  #button(className, text, act) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className, textContent: text, disabled: !this.#shown });
    if (text) {
      button.lang = "ru";
    }
    button.addEventListener("click", act);
    return button;
  }

  #certainty(letter) {
    if (letter.isChosen) {
      return "chosen";
    }
    return letter.refused ? "refused" : shareOf(letter) >= this.#texts.sure_from ? "sure" : "unsure";
  }

  #verdict({ letters, known }) {
    const doubted = letters.filter((letter) => ["refused", "unsure"].includes(this.#certainty(letter))).map(({ letter }) => letter);
    const sentences = [
      doubted.length ? this.#texts.doubted.replace("{letters}", doubted.join(", ")) : this.#texts.sure_word,
      known === null ? "" : this.#texts[known ? "known" : "unknown"],
    ];
    return sentences.filter(Boolean).join(" ");
  }

  /** Offer other letters for one, or stop offering them. */
  #open(place) {
    const button = this.#letterButton(place);
    const isOpen = button.ariaExpanded === "true";
    this.#hideChoice();
    if (!isOpen) {
      const letter = this.#shown.word.letters[place];
      button.ariaExpanded = "true";
      this.#choice.offer({ ...letter, place, of: this.#shown.word.letters.length }, this.#shown);
      this.#showFrame(letter.box);
    }
  }

  #close() {
    const opened = this.#part("line").querySelector("[aria-expanded=true]");
    this.#hideChoice();
    opened?.focus();
  }

  #hideChoice() {
    this.#choice.hide();
    this.#frame.hidden = true;
    this.#part("line").querySelector("[aria-expanded=true]")?.setAttribute("aria-expanded", "false");
  }

  #showFrame([left, top, right, bottom]) {
    const { wide, high } = this.#size;
    const places = { left: left / wide, top: top / high, width: (right - left) / wide, height: (bottom - top) / high };
    Object.entries(places).forEach(([name, share]) => this.#frame.style.setProperty(name, `${100 * share}%`));
    this.#frame.hidden = false;
  }

  /** Tell what a person said; the letter that it is about has the focus when it is read anew. */
  #tell(kind, detail) {
    this.#letterButton(detail.place).focus();
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }

  #letterButton(place) {
    return this.#part("line").querySelectorAll(".word-letter")[place];
  }

  /** The place of the letter that has the focus, or null. */
  #focused() {
    const place = [...this.#part("line").querySelectorAll(".word-letter")].indexOf(document.activeElement);
    return place < 0 ? null : place;
  }

  #part(name) {
    return this.#root.querySelector(`[data-part="${name}"]`);
  }

  #say(text) {
    this.#part("live").textContent = text;
  }
}

/** How probable the letter is that is shown; the dictionary may have preferred one that is not among the best. */
function shareOf({ letter, best }) {
  return best.find((each) => each.letter === letter)?.probability ?? 0;
}
