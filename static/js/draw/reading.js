/** Shows a reading in the markup of templates/recognizer/reading.html, which the server fills the same way. */

const SIDE = 28;

/** The bytes of a base64 text. */
function bytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** An SVG rectangle for each pixel with ink, as opaque as there is ink. */
function pixels(input, inkIsBright) {
  const rectangles = [];
  input.forEach((value, index) => {
    const ink = inkIsBright ? value : 255 - value;
    if (ink) {
      const rectangle = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      const attributes = { x: index % SIDE, y: Math.floor(index / SIDE), width: 1, height: 1, "fill-opacity": ink / 255 };
      Object.entries(attributes).forEach(([name, content]) => rectangle.setAttribute(name, content));
      rectangles.push(rectangle);
    }
  });
  return rectangles;
}

export class ReadingView {
  #root;
  #texts;
  #percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
  #number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });

  constructor(root, texts) {
    this.#root = root;
    this.#texts = texts;
  }

  /** Nothing is drawn. */
  ready() {
    this.#set("ready");
    this.#say("");
  }

  /** A question is under way; the last answer stays until the next. */
  reading() {
    this.#root.dataset.state = "reading";
  }

  /** What the page itself made of the strokes, 784 bytes with ink bright, or null. The last answer stays beside it. */
  showInk(input) {
    this.#root.dataset.ink = input ? "own" : "";
    if (input) {
      this.#part("input").replaceChildren(...pixels(input, true));
    }
  }

  /** An answer has come. */
  show(answer) {
    const isSure = answer.best[0].probability >= this.#texts.sure_from;
    this.#set("read", { letter: answer.letter, model: answer.model.name, certainty: isSure ? "sure" : "unsure" });
    this.#part("letter").textContent = answer.letter;
    this.#part("verdict").textContent = this.#verdict(answer.best, isSure);
    this.#showBest(answer.best);
    this.#part("input").replaceChildren(...pixels(bytes(answer.input), answer.ink_bright));
    this.#part("server-time").textContent = this.#number.format(answer.milliseconds);
    this.#part("whole-time").textContent = this.#number.format(answer.elapsed);
    this.#part("whole").hidden = false;
    this.#showModel(answer.model);
    this.#say(isSure ? `${answer.letter}, ${this.#percent.format(answer.best[0].probability)}` : this.#verdict(answer.best, isSure));
  }

  /** There is no answer; `sentence` says why. */
  fail(sentence) {
    this.#set("error");
    this.#part("error").textContent = sentence;
    this.#say(sentence);
  }

  #set(state, { letter = "", model = "", certainty = "" } = {}) {
    Object.assign(this.#root.dataset, { state, letter, model, certainty });
  }

  #part(name) {
    return this.#root.querySelector(`[data-part="${name}"]`);
  }

  #say(text) {
    this.#part("live").textContent = text;
  }

  #verdict([first, second], isSure) {
    const text = isSure ? this.#texts.sure : this.#texts.unsure;
    return text
      .replace("{percent}", this.#percent.format(first.probability))
      .replace("{first}", first.letter)
      .replace("{second}", second?.letter ?? "");
  }

  #showBest(best) {
    [...this.#part("best").children].forEach((row, index) => {
      const guess = best[index];
      row.hidden = !guess;
      if (guess) {
        row.querySelector(".guess-letter").textContent = guess.letter;
        row.querySelector("meter").value = guess.probability;
        row.querySelector(".guess-percent").textContent = this.#percent.format(guess.probability);
      }
    });
  }

  #showModel(model) {
    const link = this.#part("model");
    link.textContent = model.name;
    if (model.url) {
      link.setAttribute("href", model.url);
    } else {
      link.removeAttribute("href");
    }
  }
}
