/** The draw page: a sheet to write a letter on, and what the network reads. */

import { Answers } from "./draw/answers.js";
import { Client, unreachable } from "./draw/client.js";
import { Correcting } from "./draw/correcting.js";
import { Corrections } from "./draw/corrections.js";
import { Donation } from "./draw/donation.js";
import { offerHands } from "./draw/hands.js";
import { keepPage, noteAbsence } from "./draw/offline.js";
import { acceptPictures } from "./draw/pictures.js";
import { ReadingView } from "./draw/reading.js";
import { Saw } from "./draw/saw.js";
import { offerWords } from "./draw/sheet_switch.js";
import { Toolbar } from "./draw/toolbar.js";
import { LiveReader } from "./network/live_reader.js";
import { remember } from "./sheet/memory.js";
import { Sheet } from "./sheet/sheet.js";
import { writeOn } from "./sheet/writing.js";

const REST = 700; // milliseconds without the pen after which a letter is taken to be whole

const page = document.getElementById("draw");
const canvas = page.querySelector("canvas");
const content = (id) => JSON.parse(document.getElementById(id).textContent);
const [texts, model] = [content("draw-texts"), content("draw-model")];

const sheet = new Sheet();
const view = new ReadingView(document.getElementById("reading"), texts);
const live = new LiveReader(model, page.dataset.workerUrl);
const client = new Client({ strokes: page.dataset.strokesUrl, picture: page.dataset.pictureUrl }, texts);
const answers = new Answers({ live, client, model });
const corrections = new Corrections();
const correcting = new Correcting(document.getElementById("correcting"), texts, corrections);
const donation = new Donation(document.getElementById("donation"), texts);
const saw = new Saw(document.getElementById("saw"), model, () => unreachable(texts));
let frame = 0;
let drawing = 0; // counts what was on the sheet: an answer to what is not there any more is not shown
let isWriting = false;

/** Strokes in CSS pixels with a hundredth's precision, as they are sent. */
function inPixels(strokes) {
  const side = canvas.clientWidth;
  const round = (value) => Math.round(value * 100) / 100;
  return strokes.map((stroke) => stroke.map(([x, y, time]) => [round(x * side), round(y * side), round(time)]));
}

/** Show what the network is given; the input is also kept as the element's `ink`. */
function showInk(own) {
  page.ink = own?.input ?? null;
  view.showInk(own);
}

/** What was asked about the drawing is asked no longer. */
function forgetQuestions() {
  correcting.forget();
  donation.forget();
}

/** Read along with the pen, once for each frame of the screen. */
function followPen() {
  drawing += 1;
  isWriting = true;
  answers.cancel();
  forgetQuestions();
  view.reading();
  frame ||= requestAnimationFrame(async () => {
    frame = 0;
    const grown = isWriting ? await answers.grow(inPixels(sheet.strokes)) : null;
    if (grown && isWriting) {
      showInk(grown.own);
      view.grow(grown.answer);
      saw.show(grown.answer, false);
    }
  });
}

/** The pen was lifted, or something else happened to the sheet: read it, and say what it is once the pen rests. */
async function read() {
  drawing += 1;
  const asked = drawing;
  const rest = new Promise((resolve) => setTimeout(resolve, isWriting ? REST : 0));
  isWriting = false;
  answers.cancel();
  forgetQuestions();
  if (sheet.isEmpty) {
    showInk(null);
    view.ready();
    saw.show(null, true);
    return;
  }
  view.reading();
  const strokes = inPixels(sheet.strokes);
  try {
    const answer = await answerTo(strokes, asked);
    if (answer && asked === drawing) {
      view.grow(answer);
      await rest;
      settle(answer, strokes, asked);
    }
  } catch (error) {
    if (asked === drawing) {
      view.fail(error.message);
    }
  }
}

async function answerTo(strokes, asked) {
  if (sheet.picture) {
    showInk(null);
    return answers.answerPicture(sheet.picture.file);
  }
  const grown = await answers.grow(strokes);
  if (!grown || asked !== drawing) {
    return null;
  }
  showInk(grown.own);
  return grown.answer ?? answers.answer(strokes);
}

/** Show an answer for good, unless the drawing is another one by now. */
function settle(answer, strokes, asked) {
  if (asked === drawing) {
    view.show(answer);
    saw.show(answer, true);
    if (strokes.length) {
      correcting.read(strokes, answer);
      donation.read(strokes, answer);
    }
  }
}

/** The owner says what a drawing should have been read as: it is read anew. */
async function correct({ letter, strokes }) {
  const corrected = drawing;
  donation.correct(letter);
  corrections.add(letter, strokes);
  const grown = await answers.grow(strokes);
  if (corrected === drawing) {
    if (grown?.answer) {
      view.show(grown.answer);
      saw.show(grown.answer, true);
      correcting.read(strokes, grown.answer);
    }
    correcting.tell(letter, Boolean(grown?.answer));
  }
}

sheet.addEventListener("change", read);
sheet.addEventListener("ink", () => (sheet.isDrawing ? followPen() : read())); // a stroke in work may be taken back
new Toolbar(page, { sheet, tools: writeOn(canvas, sheet), full: texts.full });
corrections.addEventListener("change", () => live.adapt(corrections.all));
live.adapt(corrections.all);
correcting.addEventListener("correct", ({ detail }) => correct(detail));
correcting.addEventListener("forget", read);
remember(sheet);
offerHands(page);
offerWords(page, { model, texts }, () => unreachable(texts));
acceptPictures({ input: page.querySelector("input[type=file]"), place: page.querySelector(".sheet"), sheet });
noteAbsence(page.querySelector("[data-offline]"));
keepPage(page.dataset.serviceWorkerUrl);
page.dataset.listening = "";
