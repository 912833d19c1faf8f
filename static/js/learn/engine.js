/**
 * The training behind the page: it is told what to do by messages and tells what happens by messages, in a worker or,
 * where there is none, on the page itself.
 */

import { Random } from "../training/random.js";
import { best, Trainer } from "../training/trainer.js";
import { varied } from "./augmentation.js";
import { readLetters } from "./letters.js";
import { readPictures, someOfEach } from "./pictures.js";
import { pulling } from "./pulling.js";
import { inputOf, INPUTS, samplesOf } from "./samples.js";
import { walk } from "./walk.js";
import { histogram, weightPictures } from "./watching.js";

export { Trainer }; // for whoever measures it on a page that has this bundle only

const LETTERS = 33;
const SLICE = 12; // milliseconds of work before messages are heard
const SCORES = 4; // of an epoch: how often the held-back letters are read
const PICTURES = 120; // milliseconds between two pictures of the weights
const VARIATIONS = 12; // of each letter of one's own
const PURPOSE = { variations: 2 };
const ASTRAY = 1.1; // times the cost of guessing and the cost at the beginning: whoever is above both for long diverges

const wait = () => new Promise((resolve) => setTimeout(resolve));

export class Engine {
  #tell;
  #content = null; // {training, validation}: drawings
  #pictures = null; // {training, validation}: samples of the data set in service
  #samples = null;
  #validation = null;
  #trainer = null;
  #recipe = null;
  #isRunning = false;
  #isLooping = false;
  #isSeen = true; // the page has shown what it was told last
  #points = []; // of the curves, not told yet
  #sums = { cost: 0, correct: 0, samples: 0 };
  #pictured = Number.NEGATIVE_INFINITY;
  #good = null; // {cost, layers}: the parameters of the lowest cost, before it went astray
  #first = null; // the cost at the beginning
  #astray = 0; // scores one after the other that were far above it
  #last = null;

  /** @param {(message: object) => void} tell hears {kind, …} */
  constructor(tell) {
    this.#tell = tell;
  }

  /** Hear a message. */
  async hear({ kind, ...content }) {
    const acts = {
      begin: () => this.#begin(content),
      run: () => this.#run(),
      step: () => this.#oneStep(),
      pause: () => this.#pause(),
      seen: () => this.#wasSeen(),
      change: () => this.#change(content.changes),
      undo: () => this.#undo(),
      read: () => this.#read(content),
      walk: () => this.#walk(content),
      pulled: () => this.#pulled(content),
    };
    try {
      await acts[kind]?.();
    } catch (error) {
      this.#isRunning = false;
      this.#tell({ kind: "failed", message: String(error?.message ?? error) });
    }
  }

  /** `letters`, `pictures`: a file's bytes, the first time that it is learnt from; `own`: drawings, where the recipe goes by them. */
  async #begin({ recipe, letters, pictures, own }) {
    this.#isRunning = false;
    if (letters) {
      this.#content = readLetters(letters);
    }
    if (pictures) {
      this.#pictures = readPictures(pictures);
    }
    this.#recipe = recipe;
    await this.#prepare(recipe, own);
    this.#trainer = new Trainer(recipe, this.#samples, LETTERS);
    this.#good = null;
    this.#first = null;
    this.#astray = 0;
    this.#last = null;
    this.#points = [];
    this.#forgetSums();
    this.#pictured = Number.NEGATIVE_INFINITY;
    this.#isSeen = true;
    this.#score();
    const shown = this.#shownPictures();
    this.#tell({ kind: "ready", samples: this.#samples.labels.length, held: this.#validation.labels.length, shown });
    this.#show();
  }

  /** What is learnt from and what is held back. */
  async #prepare(recipe, own) {
    if (recipe.source === "data") {
      this.#samples = someOfEach(this.#pictures.training, recipe.perLetter);
      this.#validation = this.#pictures.validation;
      return;
    }
    const { training, validation } = recipe.source === "own" ? ownDrawings(own, recipe.seed) : this.#chosen(recipe);
    this.#samples = await this.#prepared(training);
    this.#validation = await this.#prepared(validation);
  }

  #chosen({ perLetter }) {
    const counts = new Uint8Array(LETTERS);
    const training = this.#content.training.filter(({ label }) => {
      counts[label] += 1;
      return counts[label] <= perLetter;
    });
    return { training, validation: this.#content.validation };
  }

  /** Ink takes a second or two for all letters: the page is told how far it is. */
  async #prepared(drawings) {
    const parts = [];
    for (let first = 0; first < drawings.length; first += 33) {
      parts.push(samplesOf(drawings.slice(first, first + 33)));
      this.#tell({ kind: "preparing", share: first / drawings.length });
      await wait();
    }
    const count = parts.reduce((sum, { labels }) => sum + labels.length, 0);
    const whole = { inputs: new Uint8Array(count * INPUTS), labels: new Uint8Array(count) };
    let place = 0;
    for (const { inputs, labels } of parts) {
      whole.inputs.set(inputs, place * INPUTS);
      whole.labels.set(labels, place);
      place += labels.length;
    }
    return whole;
  }

  async #run() {
    this.#isRunning = this.#trainer !== null;
    if (this.#isLooping) {
      return;
    }
    this.#isLooping = true;
    try {
      while (this.#isRunning) {
        this.#slice();
        await wait();
      }
    } finally {
      this.#isLooping = false;
    }
  }

  /** Steps for some milliseconds, or to the end of the training. */
  #slice() {
    const end = performance.now() + SLICE;
    while (this.#isRunning && performance.now() < end) {
      this.#step();
    }
    this.#show();
  }

  #oneStep() {
    if (this.#trainer && !this.#isRunning) {
      this.#step();
      this.#pictured = Number.NEGATIVE_INFINITY;
      this.#isSeen = true;
      this.#show();
    }
  }

  #step() {
    const trainer = this.#trainer;
    this.#last = trainer.step();
    for (const key of Object.keys(this.#sums)) {
      this.#sums[key] += this.#last[key];
    }
    if (trainer.steps % Math.max(1, Math.ceil(trainer.stepsOfEpoch / SCORES)) === 0 || !Number.isFinite(this.#last.cost)) {
      this.#score();
    }
    if (this.#isRunning && trainer.epoch >= this.#recipe.epochs) {
      this.#score();
      this.#isRunning = false;
      this.#tellNow();
      this.#tell({ kind: "ended" });
    }
  }

  /** A point of the curves: what was learnt from since the last one, and the letters held back. */
  #score() {
    const trainer = this.#trainer;
    const { cost, accuracy } = trainer.score(this.#validation);
    const { samples } = this.#sums;
    const training = samples ? { cost: this.#sums.cost / samples, accuracy: this.#sums.correct / samples } : trainer.score(this.#samples);
    const lengths = this.#last ? trainer.gradientLengths(this.#last.samples) : [];
    this.#points.push({ epoch: trainer.steps / trainer.stepsOfEpoch, training, validation: { cost, accuracy }, lengths });
    this.#forgetSums();
    this.#watch(training.cost);
  }

  /** Has it gone astray? What it was at its best is kept, so that this can be undone. */
  #watch(cost) {
    this.#first ??= cost;
    if (!this.#good || cost < this.#good.cost) {
      this.#good = { cost, layers: this.#copy() };
    }
    this.#astray = cost < ASTRAY * Math.max(this.#guessing, this.#first) ? 0 : this.#astray + 1;
    if (this.#isRunning && (this.#astray >= SCORES || !Number.isFinite(cost))) {
      this.#isRunning = false;
      this.#tellNow();
      this.#tell({ kind: "diverged", cost, rate: this.#recipe.learningRate });
    }
  }

  /** The cost of a network that knows nothing and gives each letter the same. */
  get #guessing() {
    return { "cross-entropy": Math.log(LETTERS), "binary-cross-entropy": LETTERS * Math.LN2, quadratic: (1 - 1 / LETTERS) / 2 }[this.#recipe.cost];
  }

  #copy() {
    return this.#trainer.layers.map(({ weights, biases }) => ({ weights: weights.slice(), biases: biases.slice() }));
  }

  /** Back to the parameters of the lowest cost, with a tenth of the rate. */
  #undo() {
    this.#trainer.layers.forEach((layer, index) => {
      layer.weights.set(this.#good.layers[index].weights);
      layer.biases.set(this.#good.layers[index].biases);
    });
    this.#change({ learningRate: this.#recipe.learningRate / 10 });
    this.#astray = 0;
    this.#forgetSums();
  }

  #change(changes) {
    this.#recipe = { ...this.#recipe, ...changes };
    this.#trainer?.change(this.#recipe);
  }

  #forgetSums() {
    this.#sums = { cost: 0, correct: 0, samples: 0 };
  }

  #pause() {
    this.#isRunning = false;
    if (this.#trainer) {
      this.#tellNow();
    }
  }

  #wasSeen() {
    this.#isSeen = true;
  }

  /** Tell the page how it is, unless it has not shown yet what it was told last. */
  #show() {
    if (this.#isSeen) {
      this.#tellNow();
    }
  }

  #tellNow() {
    const trainer = this.#trainer;
    const now = performance.now();
    const state = { steps: trainer.steps, epoch: trainer.steps / trainer.stepsOfEpoch, points: this.#points };
    this.#points = [];
    this.#isSeen = false;
    if (now - this.#pictured >= PICTURES || !this.#isRunning) {
      this.#pictured = now;
      state.weights = weightPictures(trainer.layers[0]);
      state.activations = this.#last ? histogram(trainer, this.#last.samples) : [];
      state.readings = this.#readings();
    }
    this.#tell({ kind: "state", ...state });
  }

  /** The first held-back letter of each kind, as pictures. */
  #shownPictures() {
    return firstOfEach(this.#validation.labels).map((number) => ({ label: this.#validation.labels[number], number, picture: pictureAt(this.#validation, number) }));
  }

  #readings() {
    return firstOfEach(this.#validation.labels).map((number) => this.#answer(pictureAt(this.#validation, number)));
  }

  #answer(input) {
    const { outputs } = this.#trainer.read(input);
    const sum = outputs.reduce((total, value) => total + value, 0) || 1;
    const read = best(outputs);
    return { read, probability: outputs[read] / sum };
  }

  #read({ id, strokes }) {
    const input = inputOf(strokes);
    this.#tell({ kind: "reading", id, answer: input && this.#trainer ? this.#answer(input) : null });
  }

  #walk({ strokes, label }) {
    const input = inputOf(strokes);
    this.#tell({ kind: "walk", walk: input && this.#trainer ? walk(this.#trainer, input, label, this.#samples.labels.length) : null });
  }

  /** `number`: of the held-back letters. */
  #pulled({ number }) {
    const input = pictureAt(this.#validation, number);
    const found = pulling(this.#trainer, this.#samples, input, this.#validation.labels[number]);
    const pictures = found.map(({ number: at, ...rest }) => ({ ...rest, label: this.#samples.labels[at], picture: pictureAt(this.#samples, at) }));
    this.#tell({ kind: "pulled", number, label: this.#validation.labels[number], ...this.#answer(input), picture: input, pictures });
  }
}

/** Letters of one's own and their variations; other variations are held back. */
function ownDrawings(own, seed) {
  const random = new Random(seed, PURPOSE.variations);
  const once = ({ label, strokes }) => ({ label, strokes: varied(strokes, random) });
  const training = own.flatMap((drawing) => [drawing, ...Array.from({ length: VARIATIONS }, () => once(drawing))]);
  return { training, validation: own.map(once) };
}

function firstOfEach(labels) {
  return Array.from({ length: LETTERS }, (_, label) => labels.indexOf(label)).filter((number) => number >= 0);
}

function pictureAt({ inputs }, number) {
  return inputs.slice(number * INPUTS, (number + 1) * INPUTS);
}
