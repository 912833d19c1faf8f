/** The page that reads a photograph: a file goes to the server, its letters come back over the picture. */

import { Correcting } from "./paper/correcting.js";
import { readPage } from "./paper/client.js";
import { PageText, plainText } from "./paper/page_text.js";
import { letterAt, placeBoxes } from "./paper/placing.js";

const root = document.getElementById("paper");
const texts = JSON.parse(document.getElementById("paper-texts").textContent);
const part = (name) => root.querySelector(`[data-part="${name}"]`);

let file = null;
let latest = 0;
const text = new PageText(part("row"), texts, ask);
const correcting = new Correcting(part, texts, () => show());
let letters = [];
let unread = [];

function say(sentence, isError = false) {
  part("status").textContent = sentence;
  part("status").toggleAttribute("data-error", isError);
}

function ask(number) {
  point(number);
  correcting.ask(letters[number], part("picture"));
}

/** Mark a letter on the picture and in the text, or none. */
function point(number) {
  text.point(number);
  for (const [place, box] of [...part("boxes").children].entries()) {
    box.toggleAttribute("data-pointed", place === number);
  }
}

function show() {
  text.show(letters);
  placeBoxes(part("boxes"), letters, unread);
  part("text").textContent = plainText(letters);
  const doubtful = letters.filter((letter) => ["doubtful", "refused"].includes(letter.state)).length;
  const present = letters.filter((letter) => letter.state !== "removed").length;
  say(texts.found.replace("{count}", present).replace("{doubtful}", doubtful));
}

function stateOf(letter) {
  if (letter.refused) {
    return "refused";
  }
  const [best] = letter.best;
  return best.probability < texts.sure_from || best.letter !== letter.letter ? "doubtful" : "sure";
}

async function shown(answer) {
  const picture = part("picture");
  URL.revokeObjectURL(picture.src);
  picture.src = answer.preview ?? URL.createObjectURL(file);
  await picture.decode();
}

async function read(number = 1) {
  const mine = (latest += 1);
  root.dataset.phase = "reading";
  say(texts.reading);
  try {
    const answer = await readPage(root.dataset.pagesUrl, file, number, texts);
    if (mine !== latest) {
      return;
    }
    await shown(answer);
    letters = answer.letters.map((letter) => ({ ...letter, state: stateOf(letter), page: answer }));
    unread = answer.unread.map((box) => ({ box, state: "unread", page: answer }));
    part("joined").hidden = !answer.joined_up && !unread.length;
    part("result").hidden = false;
    part("picture").closest("section").hidden = false;
    part("row").hidden = false;
    part("copy").hidden = false;
    part("text").hidden = true;
    part("copied").textContent = "";
    part("pages").hidden = answer.pages < 2;
    part("number").textContent = `${answer.page} / ${answer.pages}`;
    part("before").disabled = answer.page < 2;
    part("after").disabled = answer.page >= answer.pages;
    part("pages").dataset.number = answer.page;
    show();
    root.dataset.phase = "read";
  } catch (error) {
    if (mine === latest) {
      root.dataset.phase = "failed";
      part("result").hidden = true;
      part("joined").hidden = true;
      say(error.message, true);
    }
  }
}

function open(files) {
  if (files.length) {
    [file] = files;
    read();
  }
}

/** A browser has a clipboard only at a secure address; elsewhere the text is shown and selected. */
async function copy() {
  try {
    await navigator.clipboard.writeText(plainText(letters));
    part("copied").textContent = texts.copied;
  } catch {
    part("text").hidden = false;
    part("text").focus();
    getSelection().selectAllChildren(part("text"));
    part("copied").textContent = texts.not_copied;
  }
}

/** A letter that is pointed at is marked where it stands on the picture and in the text. */
function listenToPointers() {
  const [picture, row] = [part("boxes"), part("row")];
  picture.addEventListener("click", (event) => {
    const number = letterAt(picture, letters, event);
    if (number >= 0) {
      ask(number);
    }
  });
  picture.addEventListener("pointermove", (event) => point(letterAt(picture, letters, event)));
  picture.addEventListener("pointerleave", () => point(-1));
  for (const kind of ["pointerover", "focusin"]) {
    row.addEventListener(kind, (event) => point(text.numberOf(event.target)));
  }
}

function listen() {
  const [input, drop] = [part("input"), part("drop")];
  input.addEventListener("change", () => {
    open([...input.files]);
    input.value = ""; // so that the same file can be opened again
  });
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("is-target");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("is-target"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("is-target");
    open([...event.dataTransfer.files]);
  });
  document.addEventListener("paste", (event) => open([...event.clipboardData.files]));
  listenToPointers();
  part("copy").addEventListener("click", copy);
  part("before").addEventListener("click", () => read(Number(part("pages").dataset.number) - 1));
  part("after").addEventListener("click", () => read(Number(part("pages").dataset.number) + 1));
  root.toggleAttribute("data-listening", true);
  if (input.files.length) {
    open([...input.files]); // on a slow line a person may choose before this script listens
  }
}

if (part("input")) {
  listen();
}
