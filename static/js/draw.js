/** The draw page: a sheet to write a letter on, and what the network reads. */

import { Client } from "./draw/client.js";
import { Giving } from "./draw/giving.js";
import { KeyboardPen } from "./draw/keyboard_pen.js";
import { Painter } from "./draw/painter.js";
import { acceptPictures } from "./draw/pictures.js";
import { PointerPen } from "./draw/pointer_pen.js";
import { ReadingView } from "./draw/reading.js";
import { Sheet } from "./draw/sheet.js";
import { InkError } from "./ink/errors.js";
import { specification } from "./ink/specifications.js";

const page = document.getElementById("draw");
const canvas = page.querySelector("canvas");
const buttons = { undo: page.querySelector("[data-undo]"), clear: page.querySelector("[data-clear]") };
const texts = JSON.parse(document.getElementById("draw-texts").textContent);

const sheet = new Sheet();
const painter = new Painter(canvas, sheet);
const view = new ReadingView(document.getElementById("reading"), texts);
const client = new Client({ strokes: page.dataset.strokesUrl, picture: page.dataset.pictureUrl }, texts);
const giving = new Giving(document.getElementById("giving"), texts);
let frame = 0;

/** Strokes in CSS pixels with a hundredth's precision, as they are sent. */
function inPixels(strokes) {
  const side = canvas.clientWidth;
  const round = (value) => Math.round(value * 100) / 100;
  return strokes.map((stroke) => stroke.map(([x, y, time]) => [round(x * side), round(y * side), round(time)]));
}

/** The input that the page makes itself of strokes, or null: no ink yet, or a specification that only the server has. */
function inputOf(strokes) {
  try {
    return specification(page.dataset.ink)?.fromStrokes(strokes) ?? null;
  } catch (error) {
    if (error instanceof InkError) {
      return null; // the server says why
    }
    throw error;
  }
}

/** Show what the network sees of these strokes, before the server answers; it is also kept as the element's `ink`. */
function showInk(strokes) {
  page.ink = inputOf(strokes);
  view.showInk(page.ink);
}

/** Follow the pen, once for each frame of the screen. */
function followPen() {
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    showInk(inPixels(sheet.strokes));
  });
}

/** Read what is on the sheet. */
async function read() {
  const strokes = inPixels(sheet.strokes);
  showInk(strokes);
  giving.forget();
  if (sheet.isEmpty) {
    client.cancel();
    view.ready();
    return;
  }
  view.reading();
  try {
    const answer = await (sheet.picture ? client.readPicture(sheet.picture.file) : client.readStrokes(strokes));
    if (answer) {
      page.dataset.ink = answer.ink_specification ?? page.dataset.ink; // another model may be in service by now
      view.show(answer);
      if (strokes.length) {
        giving.read(strokes, answer);
      }
    }
  } catch (error) {
    view.fail(error.message);
  }
}

/** Bring the buttons and the hint up to date. */
function showState() {
  page.dataset.empty = sheet.isEmpty;
  page.dataset.strokes = sheet.strokes.length;
  buttons.undo.disabled = !sheet.canUndo;
  buttons.clear.disabled = sheet.isEmpty;
}

/** Ctrl+Z, Escape and Delete, unless they are pressed in the header and its menu. */
function key(event) {
  if (event.target !== document.body && !page.contains(event.target)) {
    return;
  }
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.code === "KeyZ") {
    event.preventDefault();
    sheet.undo();
  } else if (event.key === "Escape" || event.key === "Delete") {
    sheet.clear();
  }
}

new PointerPen(canvas, sheet);
new KeyboardPen(canvas, sheet, painter);
acceptPictures({ input: page.querySelector("input[type=file]"), place: page.querySelector(".sheet"), sheet });
sheet.addEventListener("change", showState);
sheet.addEventListener("change", read);
sheet.addEventListener("ink", showState);
sheet.addEventListener("ink", followPen);
buttons.undo.addEventListener("click", () => sheet.undo());
buttons.clear.addEventListener("click", () => sheet.clear());
document.addEventListener("keydown", key);
showState();
page.dataset.listening = "";
