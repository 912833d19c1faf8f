/** Letters as buttons over the picture, each where it was found. */

function nameOf(letter, texts) {
  if (letter.state === "removed") {
    return texts.removed;
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

function buttonOf(letter, texts, onTap) {
  const button = document.createElement("button");
  const [left, top, width, height] = letter.box;
  const { page } = letter;
  button.type = "button";
  button.className = "paper-letter";
  button.dataset.state = letter.state;
  button.setAttribute("aria-label", nameOf(letter, texts));
  button.title = letter.state === "removed" ? texts.removed : letter.letter;
  button.style.left = `${(100 * left) / page.width}%`;
  button.style.top = `${(100 * top) / page.height}%`;
  button.style.width = `${(100 * width) / page.width}%`;
  button.style.height = `${(100 * height) / page.height}%`;
  button.addEventListener("click", () => onTap(letter));
  return button;
}

/** Put letters into a place that covers the picture; the one that had the focus has it again. */
export function placeLetters(place, letters, texts, onTap) {
  const focused = [...place.children].indexOf(document.activeElement);
  place.replaceChildren(...letters.map((letter) => buttonOf(letter, texts, onTap)));
  place.children[focused]?.focus();
}
