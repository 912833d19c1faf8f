/** The wide sheet: a word grows under the ink as one writes; its letters can be changed, joined and cut by a tap. */

import { Toolbar } from "../draw/toolbar.js";
import { remember } from "../sheet/memory.js";
import { Sheet } from "../sheet/sheet.js";
import { writeOn } from "../sheet/writing.js";
import { applyStyle } from "../style_sheet.js";
import { WordAsking } from "./asking.js";
import { dictionarySwitch } from "./dictionary.js";
import { Mending } from "./mending.js";
import { WordView } from "./view.js";

const WIDE = 3; // sides of the sheet; css/words.css has the same shape
const HIGH = 4 / 3;
const REST = 700; // milliseconds without the pen after which a word is taken to be whole
const UNITS = 300; // to a side, as strokes are read

/**
 * Put the wide sheet on the page, once it has its shape: strokes would lie elsewhere on another one.
 * @param {HTMLTemplateElement} template
 * @param {{model: object, texts: object}} given `model`: in service; `texts`: of the letter's page
 * @returns {Promise<HTMLElement>} its root
 * @throws {Error} The style sheet did not come.
 */
export async function openWords(template, { model, texts }) {
  if (!(await applyStyle(template.content))) {
    throw new Error("The style of the wide sheet did not come.");
  }
  template.after(template.content);
  const root = document.getElementById("word");
  new WordPage(root, { model, texts: { ...texts, ...JSON.parse(document.getElementById("word-texts").textContent) } });
  return root;
}

class WordPage {
  #root;
  #texts;
  #sheet = new Sheet({ wide: WIDE, high: HIGH });
  #mending = new Mending();
  #view;
  #asking;
  #dictionary;
  #frame = 0;
  #rest = 0;
  #drawing = 0; // counts what was on the sheet: an answer to what is not there any more is not shown

  constructor(root, { model, texts }) {
    this.#root = root;
    this.#texts = texts;
    const { wordsUrl: address, workerUrl: workerAddress, kernelUrl: kernel, lexicon } = root.dataset;
    this.#asking = new WordAsking({ model: { ...model, kernel }, texts, address, workerAddress });
    this.#view = new WordView(root, { texts, size: { wide: WIDE * UNITS, high: HIGH * UNITS } });
    this.#dictionary = dictionarySwitch(root.querySelector("[data-part=dictionary]"), lexicon, () => this.#read());
    const canvas = root.querySelector("canvas");
    const [sheet, tools] = [this.#sheet, writeOn(canvas, this.#sheet)];
    sheet.addEventListener("change", () => this.#read(REST));
    sheet.addEventListener("ink", () => (sheet.isDrawing ? this.#followPen() : this.#read()));
    new Toolbar(root, { sheet, tools, full: texts.full });
    this.#listen();
    remember(sheet, "propis-word");
  }

  #listen() {
    for (const [kind, act] of Object.entries({
      choose: ({ strokes, letter }) => this.#mending.choose(strokes, letter),
      join: ({ strokes }) => this.#mending.join(strokes),
      cut: ({ strokes }) => this.#mending.cut(strokes),
      forget: ({ strokes }) => this.#mending.forget(strokes),
    })) {
      this.#view.addEventListener(kind, ({ detail }) => {
        act(detail);
        this.#read();
      });
    }
  }

  /** Read along with the pen, once for each frame of the screen. */
  #followPen() {
    this.#drawing += 1;
    clearTimeout(this.#rest);
    this.#view.follow();
    this.#frame ||= requestAnimationFrame(async () => {
      this.#frame = 0;
      if (!this.#sheet.isDrawing) {
        return; // the word is read for good by now
      }
      const drawing = this.#drawing;
      const answer = await this.#asking.ask(this.#question());
      if (answer?.word && drawing === this.#drawing && !this.#sheet.isEmpty) {
        this.#view.grow(this.#named(answer));
      }
    });
  }

  /** Read what is on the sheet, and say what it is when the pen has rested so long. */
  async #read(rest = 0) {
    this.#drawing += 1;
    const drawing = this.#drawing;
    clearTimeout(this.#rest);
    if (this.#sheet.isEmpty) {
      this.#view.ready();
      return;
    }
    try {
      const answer = await this.#answer(drawing, rest);
      if (answer && drawing === this.#drawing) {
        this.#dictionary.tell(answer.isWithoutLexicon ? this.#texts.no_dictionary : "");
        this.#settle(answer, rest);
      }
    } catch (error) {
      if (drawing === this.#drawing) {
        this.#view.fail(error.message);
      }
    }
  }

  /** At once what it looks like, and after the rest what it is. */
  #settle(answer, rest) {
    const named = this.#named(answer);
    if (rest && named.word) {
      this.#view.grow(named);
    }
    this.#rest = setTimeout(() => {
      if (named.word) {
        this.#view.show(named);
      } else {
        this.#view.fail(this.#texts.refusals[answer.refusal] ?? this.#texts.refusals.bad);
      }
    }, rest);
  }

  /** An answer of this device, or of the server, which is asked once the pen has rested; null: another drawing came. */
  async #answer(drawing, rest) {
    const question = this.#question();
    const answer = await this.#asking.ask(question);
    if (!answer?.isAbsent) {
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, rest));
    return drawing === this.#drawing ? { isAbsent: true, ...(await this.#asking.askServer(question)) } : null;
  }

  #question() {
    const round = (value) => Math.round(value * UNITS * 100) / 100;
    const { strokes } = this.#sheet;
    const pixels = strokes.map((stroke) => stroke.map(([x, y, time]) => [round(x), round(y), Math.round(time)]));
    return { strokes: pixels, mends: this.#mending.numbered(strokes), lexicon: this.#dictionary.address };
  }

  /** An answer whose letters have their strokes themselves. */
  #named(answer) {
    const { strokes } = this.#sheet;
    const letters = answer.word?.letters.map((letter) => {
      const own = letter.strokes.map((number) => strokes[number]);
      return { ...letter, strokes: own, isMended: this.#mending.concerns(own) };
    });
    return { ...answer, word: letters ? { ...answer.word, letters } : null, isOwn: !answer.isAbsent };
  }
}
