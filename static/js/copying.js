/** Buttons that copy the text beside them. A browser has a clipboard only at a secure address; elsewhere the text is selected. */

const SHOWN = 2000;

async function copy(button) {
  const text = button.closest("[data-copying]").querySelector("pre");
  try {
    await navigator.clipboard.writeText(text.textContent);
    say(button);
  } catch {
    text.focus();
    getSelection().selectAllChildren(text);
  }
}

/** The button says for a moment that it is done, and then again what it does. */
function say(button) {
  const words = button.firstChild;
  const before = words.textContent;
  if (before !== button.dataset.copied) {
    words.textContent = button.dataset.copied;
    setTimeout(() => (words.textContent = before), SHOWN);
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
