/**
 * The form of a new run in the admin: an empty field shows what the chosen preset has, each preset says about how long it
 * trains, the recipe is shown as it will run with what differs from the preset, and fitting shares are filled in.
 */

const presets = [...document.querySelectorAll('[name="preset"]')];
const shown = document.querySelector('[name="shares_shown"]');
const boxes = [...document.querySelectorAll('[name="datasets"]')];
const fieldOf = (name) => document.querySelector(`[name="${name}"]`);
const chosen = () => presets.find((each) => each.checked)?.value ?? "";

/** Show the values of the chosen preset where nothing is typed. */
function showValues(words) {
  for (const [name, value] of Object.entries(words.presets[chosen()] ?? {})) {
    const field = fieldOf(name);
    if (field instanceof HTMLSelectElement) {
      field.options[0].textContent = words.preset.replace("{value}", value);
    } else if (field) {
      field.placeholder = value;
    }
  }
}

/** Seconds as a person would say them when he is not sure: 8 min. */
function duration(seconds, [s, min, h]) {
  if (seconds < 90) {
    return `${Math.max(1, Math.round(seconds))} ${s}`;
  }
  return seconds < 5400 ? `${Math.round(seconds / 60)} ${min}` : `${Math.round(seconds / 3600)} ${h}`;
}

/** Beside each preset about how long it trains on the ticked data sets. */
function showTimes(words) {
  const ticked = boxes.filter((box) => box.checked).reduce((sum, box) => sum + (words.images[box.value] ?? 0), 0);
  for (const place of document.querySelectorAll("[data-time]")) {
    const { seconds, measured } = words.times[place.dataset.time];
    const values = words.presets[place.dataset.time];
    const epochs = Number(fieldOf("epochs").value || values.epochs);
    const samples = Number(fieldOf("epoch_samples").value || values.epoch_samples) || ticked;
    const time = duration(seconds * samples * epochs, words.units);
    const said = ticked && Number.isFinite(epochs) ? words[measured ? "measured" : "counted"].replace("{time}", time) : "";
    place.textContent = said && place.previousSibling ? ` · ${said}` : said;
  }
}

const recipe = document.createElement("section");

/** A field's value as it will run: what is typed or chosen, else the preset's. */
function valueOf(name, usual) {
  const field = fieldOf(name);
  const typed = field?.value.trim() ?? "";
  if (!typed) {
    return usual;
  }
  return field instanceof HTMLSelectElement ? field.selectedOptions[0].textContent.trim() : typed;
}

/** Whether two texts are the same value, however it is written: 0.10 is 0.1, "256, 128" is "256-128". */
function isSame(one, other) {
  const plain = (text) => text.replace(/[\s,-]+/g, " ").trim();
  const number = (text) => (text !== "" && Number.isFinite(Number(text)) ? String(Number(text)) : plain(text));
  return number(one) === number(other) || (other === "—" && one === "");
}

function element(name, text, ...children) {
  const made = document.createElement(name);
  made.append(...(text === null ? children : [text]));
  return made;
}

/** The recipe as it will run, what differs from the preset first. */
function showRecipe(words) {
  const usual = words.presets[chosen()] ?? {};
  const rows = Object.keys(words.labels)
    .filter((name) => name in usual)
    .map((name) => ({ label: words.labels[name], value: valueOf(name, usual[name]), usual: usual[name] }))
    .map((row) => ({ ...row, differs: !isSame(row.value, row.usual) }));
  const others = rows.filter((row) => row.differs);
  const list = element("ul", null, ...others.map((row) => difference(row, words)));
  const wasOpen = recipe.querySelector("details")?.open ?? false;
  const whole = element("details", null, element("summary", words.whole), element("dl", null, ...rows.map(line)));
  whole.open = wasOpen;
  const said = element("p", others.length ? words.differs : words.same);
  recipe.replaceChildren(element("h2", words.title), said, ...(others.length ? [list] : []), whole);
}

function difference(row, words) {
  const said = element("small", words.instead.replace("{value}", row.usual));
  return element("li", null, `${row.label}: `, element("mark", row.value), " ", said);
}

function line(row) {
  const value = element("dd", null, row.differs ? element("mark", row.value) : row.value);
  return element("div", null, element("dt", row.label), value);
}

const SHARES = ["source_weights", "closing_weights", "epoch_samples"];
let offered = {};
let asked = 0;

/** Fill in the shares that fit the chosen data sets, where nobody has typed others. */
async function fillShares(address) {
  const query = new URLSearchParams({ preset: chosen() });
  boxes.filter((box) => box.checked).forEach((box) => query.append("datasets", box.value));
  const number = ++asked;
  const answer = await fetch(`${address}?${query}`);
  if (!answer.ok || number !== asked) {
    return;
  }
  const { values, key } = await answer.json();
  const fields = SHARES.map((name) => [name, fieldOf(name)]);
  if (fields.some(([name, field]) => field.value !== (offered[name] ?? ""))) {
    return; // somebody has typed
  }
  fields.forEach(([name, field]) => (field.value = values[name] ?? ""));
  offered = values;
  shown.value = key;
}

if (presets.length && shown) {
  const words = JSON.parse(shown.dataset.presets);
  const address = shown.dataset.shares;
  const show = () => [showValues, showTimes, showRecipe].forEach((each) => each(words));
  recipe.className = "recipe";
  recipe.setAttribute("aria-live", "polite");
  presets[0].closest("fieldset.module").after(recipe);
  presets[0].form.addEventListener("input", show);
  show();
  if (address) {
    [...presets, ...boxes].forEach((each) => each.addEventListener("change", () => fillShares(address).then(show)));
  }
}
