/** The text of a page: a button for each letter, those in doubt marked. */

export class PageText {
  #place;
  #texts;
  #onTap;

  /** `onTap` is called with the number of a letter. */
  constructor(place, texts, onTap) {
    this.#place = place;
    this.#texts = texts;
    this.#onTap = onTap;
  }

  /** Show letters {letter, line, space_before, state}; the one that had the focus has it again. */
  show(letters) {
    const focused = this.#buttons().indexOf(document.activeElement);
    const lines = [];
    for (const [number, letter] of letters.entries()) {
      if (letter.line !== letters[number - 1]?.line) {
        lines.push(document.createElement("p"));
      }
      lines.at(-1).append(this.#button(letter, number));
    }
    this.#place.replaceChildren(...lines);
    this.#buttons()[focused]?.focus();
  }

  /** Mark one letter as the one that is pointed at, or none. */
  point(number) {
    for (const [place, button] of this.#buttons().entries()) {
      button.toggleAttribute("data-pointed", place === number);
    }
  }

  /** The number of the letter whose button this is, or -1. */
  numberOf(element) {
    return this.#buttons().indexOf(element.closest(".paper-letter"));
  }

  #buttons() {
    return [...this.#place.querySelectorAll(".paper-letter")];
  }

  #button(letter, number) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "paper-letter";
    button.dataset.state = letter.state;
    button.toggleAttribute("data-space", letter.space_before);
    button.setAttribute("aria-label", nameOf(letter, this.#texts));
    button.textContent = letter.letter;
    button.addEventListener("click", () => this.#onTap(number));
    return button;
  }
}

/** The same as plain text; letters that are removed are left out. */
export function plainText(letters) {
  return letters
    .filter((each) => each.state !== "removed")
    .map((each, place, all) => before(each, all[place - 1]) + each.letter)
    .join("");
}

function before(letter, last) {
  if (!last) {
    return "";
  }
  if (letter.line !== last.line) {
    return "\n";
  }
  return letter.space_before ? " " : "";
}

function nameOf(letter, texts) {
  if (letter.state === "removed") {
    return texts.removed.replace("{letter}", letter.letter);
  }
  if (letter.state === "corrected") {
    return texts.corrected.replace("{letter}", letter.letter);
  }
  if (letter.state !== "sure") {
    return texts.doubtful.replace("{letter}", letter.letter);
  }
  const percent = `${Math.round(100 * letter.best[0].probability)} %`;
  return texts.letter.replace("{letter}", letter.letter).replace("{percent}", percent);
}
