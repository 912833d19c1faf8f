/** Words that explain themselves: the sentence of a term on hover, focus or tap; its link leads to the glossary. */

const AWAY = 200; // milliseconds in which the pointer can go from the word to its sentence
const MARGIN = 12;
const note = document.createElement("div");
note.className = "term-note";
note.id = "term-note";
note.setAttribute("role", "tooltip");
note.hidden = true;

let term = null;
let leaving = 0;
let wasShown = false;

const termAt = (target) => (target instanceof Element ? target.closest(".term") : null);

/** Below the word where there is room, else above it, and within the window. */
function place() {
  const word = term.getBoundingClientRect();
  const { width, height } = note.getBoundingClientRect();
  const left = Math.min(Math.max(MARGIN, word.left), innerWidth - width - MARGIN);
  const isRoomBelow = word.bottom + height + MARGIN < innerHeight;
  note.style.left = `${left}px`;
  note.style.top = `${isRoomBelow ? word.bottom + 6 : Math.max(MARGIN, word.top - height - 6)}px`;
}

function show(word) {
  clearTimeout(leaving);
  if (word === term) {
    return;
  }
  hide();
  term = word;
  note.textContent = word.dataset.meaning;
  note.hidden = false;
  word.setAttribute("aria-describedby", note.id);
  place();
}

function hide() {
  clearTimeout(leaving);
  term?.removeAttribute("aria-describedby");
  term = null;
  note.hidden = true;
}

function leave() {
  clearTimeout(leaving);
  leaving = setTimeout(hide, AWAY);
}

/** Look after the terms of this page, and of whatever is put into it later. */
export function explainTerms() {
  document.body.append(note);
  document.addEventListener("pointerover", ({ target, pointerType }) => {
    const word = termAt(target);
    if (word && pointerType !== "touch") {
      show(word);
    } else if (note.contains(target)) {
      clearTimeout(leaving);
    } else if (term && document.activeElement !== term) {
      leave();
    }
  });
  document.addEventListener("focusin", ({ target }) => (termAt(target) ? show(termAt(target)) : hide()));
  document.addEventListener("focusout", ({ target }) => termAt(target) && hide());
  document.addEventListener("pointerdown", ({ target }) => (wasShown = term !== null && termAt(target) === term), true);
  document.addEventListener("click", (event) => {
    const word = termAt(event.target);
    if (word && event.pointerType === "touch" && !wasShown) {
      event.preventDefault(); // the first tap explains, the second leads to the glossary
      show(word);
    } else if (!word && !note.contains(event.target)) {
      hide();
    }
  });
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
  addEventListener("scroll", hide, { passive: true, capture: true });
}
