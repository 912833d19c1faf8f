/** The form, the scenes and the address: three ways to say the same recipe. */

import { readRecipe, textsOf, writeRecipe } from "./recipe.js";

const LOWEST = -2.1; // of a slider that means 0 there
const rounded = (value) => Number(value.toPrecision(2));

/** From a slider's place to a value, and back, by its scale. */
const SCALES = {
  log: { value: (place) => rounded(10 ** place), place: (value) => Math.log10(value) },
  "log-or-0": { value: (place) => (place <= LOWEST ? 0 : rounded(10 ** place)), place: (value) => (value > 0 ? Math.log10(value) : LOWEST) },
  "log-whole": { value: (place) => Math.round(10 ** place), place: (value) => Math.log10(value) },
  plain: { value: (place) => place, place: (value) => value },
};

const plainQuery = (link) => link.getAttribute("href").slice(1);

export class Controls extends EventTarget {
  #form;
  #scenes;
  #scenesTexts;

  /** `scenes`: links whose query is a recipe; `sceneTexts`: a text of each. */
  constructor(form, scenes, sceneTexts) {
    super();
    this.#form = form;
    this.#scenes = scenes;
    this.#scenesTexts = sceneTexts;
    /** What of the address was not understood, and what was out of range. */
    ({ recipe: this.recipe, wrong: this.wrong, outside: this.outside } = readRecipe(new URLSearchParams(location.search)));
    this.#show();
    form.addEventListener("input", ({ target }) => this.#showSlider(target));
    form.addEventListener("change", () => this.#changed());
    form.addEventListener("submit", (event) => event.preventDefault());
    scenes.forEach((scene) => scene.addEventListener("click", (event) => this.#openScene(event, scene)));
    addEventListener("popstate", () => this.#take(readRecipe(new URLSearchParams(location.search)).recipe, { isScene: true }));
  }

  /** Choose some values; nobody is told. */
  choose(changes) {
    this.recipe = { ...this.recipe, ...changes };
    this.#show();
    this.#write("replaceState");
  }

  #changed() {
    if (!this.#form.reportValidity()) {
      return;
    }
    const inputs = [...this.#form.elements].filter(({ name }) => name);
    const texts = inputs.map((input) => [input.name, this.#textOf(input)]);
    this.#take(readRecipe(texts).recipe, { isScene: false });
    this.#write("replaceState");
  }

  #openScene(event, scene) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    this.#take(readRecipe(new URLSearchParams(plainQuery(scene))).recipe, { isScene: true });
    this.#write("pushState");
  }

  #take(recipe, { isScene }) {
    const changed = Object.keys(recipe).filter((key) => String(recipe[key]) !== String(this.recipe[key]));
    this.recipe = recipe;
    this.#show();
    if (changed.length || isScene) {
      this.dispatchEvent(new CustomEvent("change", { detail: { changed, isScene } }));
    }
  }

  #write(how) {
    const query = writeRecipe(this.recipe);
    history[how](null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
  }

  /** What an input says, as the address would. A slider that was not moved says exactly what the recipe has. */
  #textOf(input) {
    const scale = SCALES[input.dataset.scale];
    if (!scale) {
      return input.value.trim();
    }
    return input.dataset.moved ? String(scale.value(Number(input.value))) : textsOf(this.recipe)[input.name];
  }

  #showSlider(input) {
    const scale = SCALES[input.dataset.scale];
    if (scale) {
      input.dataset.moved = "yes";
      this.#say(input, scale.value(Number(input.value)));
    }
  }

  #say(input, value) {
    const text = new Intl.NumberFormat(document.documentElement.lang, { maximumSignificantDigits: 4 }).format(value);
    this.#form.querySelector(`[data-of="${input.name}"]`).value = text;
    input.setAttribute("aria-valuetext", text);
  }

  #show() {
    for (const [name, text] of Object.entries(textsOf(this.recipe))) {
      const input = this.#form.elements[name];
      const scale = SCALES[input.dataset.scale];
      input.value = scale ? scale.place(Number(text)) : text;
      if (scale) {
        delete input.dataset.moved;
        this.#say(input, Number(text));
      }
    }
    this.#form.elements.error.disabled = !(this.recipe.cost === "quadratic" && this.recipe.output === "softmax");
    this.#showScene();
  }

  #showScene() {
    const query = writeRecipe(this.recipe);
    const here = [...this.#scenes].find((scene) => writeRecipe(readRecipe(new URLSearchParams(plainQuery(scene))).recipe) === query);
    this.#scenes.forEach((scene) => scene.toggleAttribute("aria-current", false));
    here?.setAttribute("aria-current", "true");
    this.#scenesTexts.forEach((text) => {
      text.hidden = text.dataset.sceneText !== here?.dataset.scene;
    });
  }
}
