/** The copybook: a letter is shown, traced, written from memory, and judged. */

import { loadAlphabets } from "./copybook/alphabets.js";
import { Choice } from "./copybook/choice.js";
import { Demonstration } from "./copybook/demonstration.js";
import { judge } from "./copybook/judge.js";
import { drawModel, drawRuling } from "./copybook/model.js";
import { orderOf } from "./copybook/order.js";
import { Placement } from "./copybook/placement.js";
import { printSheet } from "./copybook/print.js";
import { Progress } from "./copybook/progress.js";
import { LetterReader } from "./copybook/reader.js";
import { filled, ResultView } from "./copybook/result.js";
import { Sheet } from "./sheet/sheet.js";
import { editOf } from "./sheet/shortcuts.js";
import { writeOn } from "./sheet/writing.js";

const page = document.getElementById("copybook");
const content = (id) => JSON.parse(document.getElementById(id).textContent);
const [texts, model] = [content("copybook-texts"), content("copybook-model")];
const part = (name) => page.querySelector(`[data-part="${name}"]`);

const canvas = page.querySelector("canvas");
const sheet = new Sheet();
const result = new ResultView(part("result"), texts);
const reader = new LetterReader({ model, texts, workerUrl: page.dataset.workerUrl, strokesUrl: page.dataset.strokesUrl });
const progress = new Progress();
const demonstration = new Demonstration(part("pen"));

/** Whether the letter is to be seen while it is written. */
function isTraced() {
  return page.querySelector("[name=mode]:checked").value === "trace";
}

/** A new letter, or another way to write it: a clean sheet. */
function begin(state) {
  const { elements, alphabet } = state.choice;
  state.placement = new Placement(elements.map(({ path }) => path), alphabet);
  drawRuling(part("ruling"), state.placement, alphabet.slant);
  state.lines = drawModel(part("model"), elements, state.placement);
  demonstration.take(state.lines, elements.map(({ joined }) => joined));
  printSheet(part("print"), elements, state.placement, alphabet.slant);
  page.dataset.letter = state.choice.letter;
  canvas.setAttribute("aria-label", filled(texts.sheet, { letter: state.choice.letter }));
  sheet.clear();
  rewrite();
}

/** Back to writing: what was said of the drawing is said no longer. */
function rewrite() {
  page.dataset.shown = isTraced() ? "model" : "";
  result.clear();
  part("model").querySelectorAll(".model-wrong").forEach((line) => line.classList.remove("model-wrong"));
}

/** Judge what is on the sheet, and ask the network. */
async function check(state) {
  if (sheet.isEmpty) {
    result.tell(texts.empty);
    return;
  }
  demonstration.stop();
  const { choice, placement } = state;
  const [letter, elements, key, kind, strokes] = [choice.letter, choice.elements, choice.key, isTraced() ? "trace" : "memory", sheet.strokes];
  const paths = elements.map(({ path }) => path);
  const drawn = strokes.map((stroke) => stroke.map((point) => placement.toBox(point)));
  const answer = judge(paths, drawn);
  answer.isOtherOrder = orderOf(paths, answer.strokes).some((element, number) => element !== number);
  page.dataset.shown = "model";
  state.lines[answer.element]?.classList.add("model-wrong");
  const side = canvas.clientWidth;
  const read = await reader.read(strokes.map((stroke) => stroke.map(([x, y, time]) => [x * side, y * side, time])));
  if (sheet.strokes !== strokes || choice.key !== key) {
    return; // the sheet has changed meanwhile
  }
  result.show({ letter, elements, answer, read });
  if (answer.verdict === "right") {
    progress.add(key, kind, answer.closeness);
    showProgress(state);
  }
}

function showProgress({ choice, all }) {
  const say = ({ trace, memory }) => (memory !== undefined ? texts.from_memory : trace !== undefined ? texts.traced : "");
  choice.mark((key) => progress.of(key), say);
  part("known").textContent = filled(texts.known, { count: progress.known, all });
  part("forget").hidden = progress.isEmpty;
}

/** The next letter, and the keyboard to the sheet, whose name says which letter it is. */
function goOn(state) {
  state.choice.next();
  canvas.focus();
}

/** Forget all results; they can be brought back as long as the page is open. */
function forget(state) {
  progress.forget();
  showProgress(state);
  part("forgotten").hidden = false;
  part("restore").focus();
}

function restore(state) {
  progress.restore();
  showProgress(state);
  part("forgotten").hidden = true;
  part("forget").focus();
}

/** The buttons follow the sheet and the demonstration. */
function showState() {
  page.dataset.strokes = sheet.strokes.length;
  part("undo").disabled = !sheet.canUndo;
  part("clear").disabled = sheet.isEmpty;
}

function showPlaying() {
  const { isPlaying, isBegun } = demonstration;
  page.dataset.playing = isPlaying;
  part("play").textContent = isPlaying ? texts.pause : isBegun ? texts.go_on : texts.play;
}

function play() {
  page.dataset.shown = "model";
  if (demonstration.isPlaying) {
    demonstration.pause();
  } else {
    demonstration.play();
  }
}

function listen(state) {
  writeOn(canvas, sheet);
  state.choice.addEventListener("change", () => {
    begin(state);
    showProgress(state);
  });
  page.querySelectorAll("[name=mode]").forEach((input) => input.addEventListener("change", () => begin(state)));
  sheet.addEventListener("ink", () => sheet.isDrawing && demonstration.isBegun && demonstration.stop());
  sheet.addEventListener("ink", () => page.dataset.shown !== (isTraced() ? "model" : "") && rewrite());
  for (const kind of ["ink", "change"]) {
    sheet.addEventListener(kind, showState);
  }
  sheet.addEventListener("change", rewrite);
  demonstration.addEventListener("change", showPlaying);
  const acts = { play, check: () => check(state), undo: () => sheet.undo(), clear: () => sheet.clear(), next: () => goOn(state), forget: () => forget(state), restore: () => restore(state), paper: () => print() };
  Object.entries(acts).forEach(([name, act]) => part(name).addEventListener("click", act));
  canvas.addEventListener("keydown", (event) => {
    const edit = editOf(event);
    if (event.key === "Enter") {
      check(state);
    } else if (edit && edit !== "erase") {
      event.preventDefault();
      sheet[edit]();
    }
  });
}

async function start() {
  try {
    const alphabets = await loadAlphabets(page.dataset.lettersUrl);
    const all = Object.values(alphabets).reduce((sum, { letters }) => sum + Object.keys(letters).length, 0);
    const state = { choice: new Choice(part("choice"), alphabets), all };
    listen(state);
    begin(state);
    showProgress(state);
    showState();
    page.dataset.listening = "";
  } catch (error) {
    result.tell(texts.failed);
    part("failure").hidden = false;
    console.warn(error);
  }
}

/** Once more from the beginning: nothing listens yet where the letters could not be loaded. */
async function retry() {
  part("failure").hidden = true;
  result.clear();
  await start();
  (part("failure").hidden ? canvas : part("retry")).focus();
}

part("retry").addEventListener("click", retry);
start();
