/** The teaching page: a network that learns in the browser while one looks at it. */

import { Controls } from "./learn/controls.js";
import { Curves } from "./learn/curves.js";
import { Host } from "./learn/host.js";
import { LetterFiles } from "./learn/letter_files.js";
import { OwnLetters } from "./learn/own_letters.js";
import { Paper } from "./learn/paper.js";
import { PulledView } from "./learn/pulled_view.js";
import { LIVE } from "./learn/recipe.js";
import { Spread } from "./learn/spread.js";
import { StepsView } from "./learn/steps_view.js";
import { Tiles } from "./learn/tiles.js";
import { Wall } from "./learn/wall.js";
import { Words } from "./learn/words.js";
import { filled } from "./saw/numbers.js";

const page = document.getElementById("learn");
const texts = JSON.parse(document.getElementById("learn-texts").textContent);
const part = (name) => page.querySelector(`[data-part="${name}"]`);
const words = new Words(texts, document.documentElement.lang);

const host = new Host({ worker: page.dataset.workerUrl, engine: page.dataset.engineUrl });
const controls = new Controls(part("form"), page.querySelectorAll("[data-scene]"), page.querySelectorAll("[data-scene-text]"));
const tiles = new Tiles(part("tiles"), words);
const wall = new Wall(part("wall"), part("wall-said"), words);
const curves = new Curves(page.querySelectorAll("figure[data-chart]"), { words, chartAddress: page.dataset.chartUrl });
const spread = new Spread(page.querySelector('[data-chart="activations"]'), words);
const own = new OwnLetters({ kept: part("kept"), said: part("own-said"), train: part("train-own"), forget: part("forget") }, words);
const paper = new Paper(part("sheet"), { undo: part("undo"), clear: part("clear"), is: page.querySelectorAll("[data-is]") }, words);
const steps = new StepsView(part("walk-steps"), { back: part("back"), forth: part("forth"), said: part("walk-said") }, words);
const files = new LetterFiles({ set: ["letters", page.dataset.lettersUrl], data: ["pictures", page.dataset.picturesUrl] });
const pulled = new PulledView(part("pulled"), part("pulled-said"), words);

let state = "new"; // new, preparing, paused, running, hidden, diverged, ended
let isBegun = false; // the engine has a network of this recipe
let goal = null; // what to do when it is ready: "run" or "step"
let latest = null; // the state that the engine told last
let counts = { samples: 0, held: 0 };
let frame = 0;

function become(next) {
  state = next;
  page.dataset.state = next;
  part("train").textContent = next === "running" ? texts.pause : isBegun && next !== "ended" && next !== "new" ? texts.go_on : texts.train;
  part("one").disabled = ["running", "preparing", "diverged"].includes(next);
  part("train").disabled = ["preparing", "diverged"].includes(next);
}

function say(text) {
  part("status").textContent = text;
}

function note(text) {
  part("note").textContent = text;
  part("note").hidden = !text;
}

/** Letters that are not there cannot be learnt from. */
function refuseWithoutLetters(sentences = []) {
  const { source } = controls.recipe;
  const why = { own: !own.isEnough && texts.no_own, data: !page.dataset.picturesUrl && texts.no_data }[source];
  if (why) {
    controls.choose({ source: "set" });
    note([...sentences, why].join(" "));
  }
}

const isOwn = () => controls.recipe.source === "own";

/** The score of a network that has learnt nothing, and what it will be a score of. */
function beginScore() {
  part("lead").textContent = texts.knows_nothing;
  part("percent").textContent = "?";
  part("of").textContent = isOwn() ? texts.variations : texts.unseen;
}

/** A new network of the recipe, and then what was asked for. */
async function begin(next) {
  refuseWithoutLetters();
  goal = next;
  isBegun = true;
  become("preparing");
  say(filled(texts.preparing, { percent: words.percent(0) }));
  part("alarm").hidden = true;
  beginScore();
  curves.clear();
  pulled.clear();
  const recipe = { ...controls.recipe };
  try {
    await host.tell({ kind: "begin", recipe, own: own.drawings, ...(await files.unsent(recipe.source)) });
  } catch (error) {
    isBegun = false;
    become("new");
    say(texts.no_letters);
    console.warn(error);
  }
}

function train() {
  if (state === "running") {
    host.tell({ kind: "pause" });
    become("paused");
  } else if (!isBegun || state === "ended") {
    begin("run");
  } else {
    host.tell({ kind: "run" });
    become("running");
  }
}

function oneStep() {
  if (isBegun && state !== "ended") {
    host.tell({ kind: "step" });
    become("paused");
  } else {
    begin("step");
  }
}

const OF_BEGINNING = ["preparing", "ready"];

/** What is told of a network that is no longer that of the page is not shown. */
function hear({ detail }) {
  const isAwaited = state === "preparing" ? OF_BEGINNING.includes(detail.kind) : isBegun;
  if (isAwaited || detail.kind === "failed") {
    heard[detail.kind]?.(detail);
  }
}

const heard = {
  preparing: ({ share }) => say(filled(texts.preparing, { percent: words.percent(share) })),
  ready(message) {
    counts = message;
    forgetLatest();
    tiles.show(message.shown);
    host.tell({ kind: goal });
    become(goal === "run" ? "running" : "paused");
    if (host.isHere) {
      note(texts.here);
    }
  },
  state(message) {
    latest = { ...latest, ...message, points: [...(latest?.points ?? []), ...message.points] };
    frame ||= requestAnimationFrame(paint);
  },
  ended() {
    become("ended");
    showLatest();
    const { epoch, validation } = curves.last;
    say(words.count(isOwn() ? "ended_own" : "ended", Math.round(10 * epoch) / 10, { percent: words.percent(validation.accuracy) }));
    readAgain();
  },
  diverged({ cost, rate }) {
    become("diverged");
    part("alarm-text").textContent = filled(texts.diverged, { cost: words.number(cost), rate: words.number(rate) });
    part("alarm").hidden = false;
  },
  failed({ message }) {
    isBegun = false;
    files.forget();
    become("new");
    say(filled(texts.failed, { why: message }));
  },
  reading: ({ answer, id }) => showReading(answer, id),
  walk: ({ walk }) => steps.show(walk),
  pulled: (message) => pulled.show(message),
};

/** What waits for the next frame is of a network that is looked at no longer. */
function forgetLatest() {
  cancelAnimationFrame(frame);
  frame = 0;
  latest = null;
}

/** What waits for the next frame is shown now. */
function showLatest() {
  if (latest) {
    cancelAnimationFrame(frame);
    paint();
  }
}

/** Show what was told last; the engine tells more when it has been seen. */
function paint() {
  frame = 0;
  const { steps: done, epoch, points, weights, activations, readings } = latest;
  latest = null;
  curves.add(points);
  if (weights) {
    wall.show(weights);
    tiles.read(readings);
    spread.show(activations);
    page.dataset.pictures = Number(page.dataset.pictures ?? 0) + 1;
  }
  if (done) {
    part("lead").textContent = texts.has_learnt;
  }
  if (curves.last) {
    part("percent").textContent = words.percent(curves.last.validation.accuracy, 0);
  }
  if (state === "running" || state === "paused") {
    say(words.say("learning", { epoch: words.number(epoch, 2), steps: words.count("steps", done), samples: words.count("samples", counts.samples), held: words.number(counts.held, 9) }));
  }
  page.dataset.steps = done;
  page.dataset.frames = Number(page.dataset.frames ?? 0) + 1;
  host.tell({ kind: "seen" });
}

let asked = 0;

/** What does the network read on the sheet? */
function readAgain() {
  if (!isBegun) {
    part("reads").textContent = paper.isEmpty ? texts.reads_nothing : texts.untrained;
  } else if (paper.isEmpty) {
    part("reads").textContent = texts.reads_nothing;
  } else {
    asked += 1;
    host.tell({ kind: "read", id: asked, strokes: paper.strokes });
  }
}

function showReading(answer, id) {
  if (answer && id === asked) {
    part("reads").textContent = filled(texts.reads, { read: tiles.letter(answer.read), percent: words.percent(answer.probability) });
  }
}

function keep() {
  if (paper.isEmpty) {
    part("own-said").textContent = texts.nothing_drawn;
    return;
  }
  own.keep(paper.label, paper.strokes);
  paper.next();
}

function trainOwn() {
  controls.choose({ source: "own", epochs: 25, activation: "relu", initializer: "he", learningRate: 0.1, cost: "cross-entropy", hiddenLayers: [64] });
  begin("run");
  part("train").scrollIntoView({ block: "center" });
}

/** A network that learnt from letters that are forgotten is not kept either. */
function forget() {
  own.forget();
  if (isOwn()) {
    drop();
    refuseWithoutLetters();
    beginViews();
    say(texts.begins_anew);
  }
}

function walk() {
  if (!isBegun || paper.isEmpty) {
    steps.refuse();
  } else {
    host.tell({ kind: "walk", strokes: paper.strokes, label: paper.label });
  }
}

function undoRate() {
  const learningRate = controls.recipe.learningRate / 10;
  part("alarm").hidden = true;
  host.tell({ kind: "undo" });
  controls.choose({ learningRate: Math.max(learningRate, 0.001) });
  host.tell({ kind: "run" });
  become("running");
  note(filled(texts.undone, { rate: words.number(learningRate) }));
  part("train").focus();
}

/** The network that was there is no longer that of the page. */
function drop() {
  if (isBegun) {
    host.tell({ kind: "pause" });
  }
  isBegun = false;
  forgetLatest();
  part("alarm").hidden = true;
  become("new");
}

/** Another recipe: what can change while it learns is told; anything else waits for a new beginning. */
function recipeChanged({ detail: { changed, isScene } }) {
  const isLive = changed.every((key) => LIVE.includes(key));
  note("");
  if (isBegun && isLive && !isScene) {
    host.tell({ kind: "change", changes: controls.recipe });
    return;
  }
  drop();
  beginViews();
  say(isScene ? "" : texts.begins_anew);
  if (isScene) {
    begin("run");
  }
}

/** What can be seen before anything is learnt. */
function beginViews() {
  beginScore();
  tiles.show([]);
  wall.begin(controls.recipe);
  steps.prepare(controls.recipe);
}

/** A page that nobody sees does not learn on; it goes on when it is seen again. */
function visibilityChanged() {
  if (document.hidden && state === "running") {
    host.tell({ kind: "pause" });
    become("hidden");
  } else if (!document.hidden && state === "hidden") {
    host.tell({ kind: "run" });
    become("running");
    note(texts.hidden);
  }
}

/** Sentences about what of the address was not taken, and why. */
function misreadAddress() {
  const outside = controls.outside.map(({ text, ...limits }) => words.say(text, limits));
  const found = { wrong_address: controls.wrong.join(", "), outside_address: outside.join("; ") };
  return Object.entries(found).filter(([, names]) => names).map(([text, names]) => words.say(text, { names }));
}

function start() {
  host.addEventListener("message", hear);
  controls.addEventListener("change", recipeChanged);
  tiles.addEventListener("choose", ({ detail }) => {
    host.tell({ kind: "pulled", number: detail });
    document.getElementById("pulled").scrollIntoView({ block: "nearest", behavior: "smooth" });
  });
  paper.addEventListener("change", readAgain);
  paper.addEventListener("name", () => steps.isShown && !paper.isEmpty && walk());
  document.addEventListener("visibilitychange", visibilityChanged);
  document.addEventListener("themechange", () => [curves, wall, tiles].forEach((view) => view.repaint()));
  const acts = { train, one: oneStep, anew: () => begin("run"), "undo-rate": undoRate, keep, "train-own": trainOwn, walk, forget };
  Object.entries(acts).forEach(([name, act]) => part(name).addEventListener("click", act));
  const misread = misreadAddress();
  note(misread.join(" "));
  refuseWithoutLetters(misread);
  beginViews();
  part("anew").disabled = false; // only now would a tap be heard
  become("new");
  page.dataset.listening = "";
}

start();
