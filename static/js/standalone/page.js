/** A page that is one file: a sheet to write a letter on, and a network in the page itself that reads it. Nothing is fetched. */

import { ReadingView } from "../draw/reading.js";
import { Toolbar } from "../draw/toolbar.js";
import { isDot } from "../ink/size.js";
import { Reader } from "../network/reader.js";
import { remember } from "../sheet/memory.js";
import { Sheet } from "../sheet/sheet.js";
import { writeOn } from "../sheet/writing.js";

const REST = 700; // milliseconds without the pen after which a letter is taken to be whole
const LANGUAGES = ["en", "ru"];

const content = (id) => document.getElementById(id).textContent;
const model = JSON.parse(content("model"));
const language = chosenLanguage();
const { title, ...texts } = JSON.parse(content("texts"))[language];

document.documentElement.lang = language;
document.title = title;
document.body.append(document.getElementById(`page-${language}`).content);
const page = document.getElementById("draw");
const canvas = page.querySelector("canvas");
const sheet = new Sheet();
const view = new ReadingView(document.getElementById("reading"), texts);
const bytes = Uint8Array.from(atob(content("weights").trim()), (character) => character.charCodeAt(0));
const reader = new Reader({ ...model, bytes });
let frame = 0;
let rest = 0;

/** The language of the address (#ru), else the reader's own if it is one of ours. */
function chosenLanguage() {
  const asked = [location.hash.slice(1), ...navigator.languages.map((name) => name.slice(0, 2))];
  return asked.find((name) => LANGUAGES.includes(name)) ?? LANGUAGES[0];
}

/** Strokes in CSS pixels with a hundredth's precision, as the draw page reads them. */
function inPixels(strokes) {
  const side = canvas.clientWidth;
  const round = (value) => Math.round(value * 100) / 100;
  return strokes.map((stroke) => stroke.map(([x, y, time]) => [round(x * side), round(y * side), round(time)]));
}

/** Read what is on the sheet: as growing while the pen moves or has only just been lifted. */
async function read(isWhole) {
  const strokes = inPixels(sheet.strokes);
  if (sheet.isEmpty) {
    show(null);
    view.ready();
    return;
  }
  const reading = await reader.read(strokes, { isPatient: true });
  show(reading.own);
  if (reading.best) {
    const { best, refused, twin, milliseconds } = reading;
    const answer = { ...reading.own, letter: best[0].letter, best, refused, twin, milliseconds, isOwn: true, model };
    isWhole ? view.show(answer) : view.grow(answer);
  } else if (isWhole) {
    view.fail(isDot(strokes) ? texts.dot : texts.unreadable);
  }
}

/** Show what the network is given; the input is also kept as the element's `ink`. */
function show(own) {
  page.ink = own?.input ?? null;
  view.showInk(own);
}

function follow() {
  clearTimeout(rest);
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    read(false);
  });
  rest = sheet.isDrawing ? 0 : setTimeout(() => read(true), sheet.isEmpty ? 0 : REST);
}

sheet.addEventListener("change", follow);
sheet.addEventListener("ink", follow);
new Toolbar(page, { sheet, tools: writeOn(canvas, sheet), full: texts.full });
remember(sheet);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new Event("themechange")));
addEventListener("hashchange", () => location.reload()); // the drawing outlives it
page.dataset.listening = "";
