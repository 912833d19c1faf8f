/** The switch of the dictionary, remembered; nothing of the dictionary comes before it is on. */

import { isReadable } from "./lexicon.js";

const KEY = "propis-dictionary";
const ON = "on";

function remembered() {
  try {
    return localStorage.getItem(KEY) === ON;
  } catch {
    return false; // storage is off
  }
}

function keep(isOn) {
  try {
    localStorage.setItem(KEY, isOn ? ON : "off");
  } catch {
    // Storage is off: it is chosen as long as the page is open.
  }
}

/**
 * Offer the switch in its label where the browser can unpack a dictionary.
 * @returns {{address: ?string, tell: function}} `address`: the dictionary's, or null while it is off; `tell` says what went wrong
 */
export function dictionarySwitch(label, address, changed) {
  const box = label.querySelector("input");
  const note = label.parentElement.querySelector("[data-note]");
  let told = "";
  label.hidden = !isReadable();
  box.checked = !label.hidden && remembered();
  box.addEventListener("change", () => {
    keep(box.checked);
    changed();
  });
  return {
    get address() {
      return box.checked ? address : null;
    },
    tell(sentence) {
      if (sentence !== told && (sentence || note.textContent === told)) {
        note.textContent = sentence;
      }
      told = sentence;
    },
  };
}
