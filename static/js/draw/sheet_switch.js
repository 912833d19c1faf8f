/** The switch between a letter's sheet and the wide one of a word, of which nothing comes before somebody asks for it. */

const KEY = "propis-sheet";
const WORD = "word";

/** Whether a word is to be written: the address says so, or what was chosen the last time. */
function isWordWanted() {
  try {
    return location.hash === `#${WORD}` || localStorage.getItem(KEY) === WORD;
  } catch {
    return false; // storage is off
  }
}

function keep(kind) {
  try {
    localStorage.setItem(KEY, kind);
  } catch {
    // Storage is off: it is chosen as long as the page is open.
  }
}

/** Offer the switch; `page`: of the letter; `given`: {model, texts} for the word's; `failure`: says that it did not come. */
export function offerWords(page, given, failure) {
  const template = document.getElementById("word-template");
  let word = null; // a promise of the word's page

  const load = async () => {
    const { openWords } = await import(template.dataset.scriptUrl); // (by its address, or a bundle of the page would have it)
    const opened = await openWords(template, given);
    listen(opened);
    return opened;
  };
  const show = async (kind) => {
    if (kind === WORD) {
      word ??= load();
      await word;
    }
    const opened = await word;
    page.hidden = kind === WORD;
    if (opened) {
      opened.hidden = kind !== WORD;
    }
    return kind === WORD ? opened : page;
  };
  const choose = async (kind) => {
    try {
      const shown = await show(kind);
      keep(kind);
      history.replaceState(null, "", kind === WORD ? `#${WORD}` : location.pathname + location.search);
      shown.querySelector(`[data-sheet-switch] [value=${kind}]`).focus({ preventScroll: true });
    } catch (error) {
      console.warn(error.message);
      word = null; // it may come the next time
      page.querySelector("[data-note]").textContent = failure();
    }
  };
  const listen = (root) => {
    const group = root.querySelector("[data-sheet-switch]");
    group.addEventListener("click", ({ target }) => target.value && target.ariaPressed !== "true" && choose(target.value));
    group.hidden = false;
  };
  listen(page);
  if (isWordWanted()) {
    show(WORD).catch((error) => {
      console.warn(error.message);
      word = null;
    });
  }
}
