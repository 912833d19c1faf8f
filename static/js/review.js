/** The review of findings, and the pictures of a data set, by keyboard: the same form, sent without leaving the page. */

const form = document.querySelector("#review");
const tiles = [...form.querySelectorAll(".tile[data-picture]")];
const status = form.querySelector(".review-status");
let current = 0;

/** Put the frame around a tile, and bring it into view. */
function select(place) {
  tiles[current].removeAttribute("aria-current");
  current = Math.min(Math.max(place, 0), tiles.length - 1);
  tiles[current].setAttribute("aria-current", "true");
  tiles[current].scrollIntoView({ block: "nearest" });
}

/** How many tiles stand in a row now. */
function columns() {
  const next = tiles.findIndex((tile) => tile.offsetTop > tiles[0].offsetTop);
  return next < 0 ? tiles.length : next;
}

const STEPS = { ArrowLeft: () => -1, ArrowRight: () => 1, ArrowUp: () => -columns(), ArrowDown: columns };

/** The box by which a tile is ticked. */
function box(tile) {
  return tile.querySelector("[name=picture]");
}

/** Show what the server has decided. */
function show(decisions) {
  for (const [picture, { action, words }] of Object.entries(decisions)) {
    const tile = tiles.find((each) => each.dataset.picture === picture);
    if (tile) {
      tile.dataset.action = action;
      tile.querySelector(".tile-said").textContent = words;
      box(tile).checked = false;
    }
  }
}

/** Say something, or nothing. */
function say(words) {
  status.textContent = words;
  status.hidden = !words;
}

let sent = Promise.resolve(true);

/** Send fields once all that was sent before is answered, so that an undo takes back the last; true where it is done. */
function send(fields) {
  sent = sent.then(() => post(fields));
  return sent;
}

/** Send fields to the form's address; true where the server has done it. */
async function post(fields) {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
  for (const [name, value] of fields) {
    body.append(name, value);
  }
  try {
    const response = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body });
    const answer = await response.json();
    say(answer.error ?? "");
    show(answer.decisions ?? {});
    return response.ok;
  } catch {
    say(form.dataset.unreachable);
    return false;
  }
}

/** Decide on the ticked tiles, or on the one in the frame: it goes on at once, and back where the server has not done it. */
async function decide(action, letter = "") {
  const ticked = tiles.filter((tile) => box(tile).checked);
  const place = current;
  const pictures = (ticked.length ? ticked : [tiles[place]]).map((tile) => ["picture", tile.dataset.picture]);
  if (!ticked.length) select(place + 1);
  if (!(await send([["do", action], ["letter", letter], ...pictures])) && !ticked.length) select(place);
}

/** The letter that a key of the keyboard has in the Russian layout, whichever layout is chosen now. */
const LETTER_OF_KEY = {
  Backquote: "Ё", KeyQ: "Й", KeyW: "Ц", KeyE: "У", KeyR: "К", KeyT: "Е", KeyY: "Н", KeyU: "Г", KeyI: "Ш", KeyO: "Щ", KeyP: "З",
  BracketLeft: "Х", BracketRight: "Ъ", KeyA: "Ф", KeyS: "Ы", KeyD: "В", KeyF: "А", KeyG: "П", KeyH: "Р", KeyJ: "О", KeyK: "Л",
  KeyL: "Д", Semicolon: "Ж", Quote: "Э", KeyZ: "Я", KeyX: "Ч", KeyC: "С", KeyV: "М", KeyB: "И", KeyN: "Т", KeyM: "Ь", Comma: "Б",
  Period: "Ю",
};

/** The letter of the class set that was typed: as it stands, else by the place of its key; "" for none. */
function letterOf({ key, code }) {
  const typed = key.length === 1 ? key.toUpperCase() : "";
  return [typed, LETTER_OF_KEY[code] ?? ""].find((letter) => letter && form.dataset.letters.includes(letter)) ?? "";
}

/** What a key means, or nothing; no key depends on the layout. */
function meaning(event) {
  const { key, code } = event;
  if (event.ctrlKey || event.metaKey) return code === "KeyZ" && !event.shiftKey ? () => send([["do", "undo"]]) : undefined;
  if (key === "Enter") return () => decide("accept");
  if (key === "Delete") return () => decide("reject");
  if (key === " ") return () => { box(tiles[current]).checked = !box(tiles[current]).checked; };
  if (key in STEPS) return () => select(current + STEPS[key]());
  const letter = letterOf(event);
  return letter ? () => decide("relabel", letter) : undefined;
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.target.closest("input:not([type=checkbox]), select, textarea, button, a, summary")) {
    return;
  }
  const act = meaning(event);
  if (act) {
    event.preventDefault();
    act();
  }
});

/** Buttons do the same without leaving the page; “all of the list” does leave it. */
form.addEventListener("submit", (event) => {
  if (form.querySelector("[name=all]")?.checked || !event.submitter) {
    return;
  }
  event.preventDefault();
  const fields = [...new FormData(form)].filter(([name]) => name === "picture" || name === "letter");
  send([["do", event.submitter.value], ...fields]);
});

for (const [place, tile] of tiles.entries()) {
  tile.addEventListener("pointerdown", () => select(place));
}
select(0);
form.dataset.listening = "";
