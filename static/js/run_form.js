/** The form of a new run in the admin: an empty field shows what the chosen preset has, and fitting shares are filled in. */

const preset = document.querySelector("select[data-presets]");
const shown = document.querySelector('[name="shares_shown"]');
const boxes = [...document.querySelectorAll('[name="datasets"]')];

/** Show the values of the chosen preset where nothing is typed. */
function show(words) {
  for (const [name, value] of Object.entries(words.presets[preset.value] ?? {})) {
    const field = document.querySelector(`[name="${name}"]`);
    if (field instanceof HTMLSelectElement) {
      field.options[0].textContent = words.preset.replace("{value}", value);
    } else if (field) {
      field.placeholder = value;
    }
  }
}

const SHARES = ["source_weights", "closing_weights", "epoch_samples"];
let offered = {};
let asked = 0;

/** Fill in the shares that fit the chosen data sets, where nobody has typed others. */
async function fillShares(address) {
  const query = new URLSearchParams({ preset: preset.value });
  boxes.filter((box) => box.checked).forEach((box) => query.append("datasets", box.value));
  const number = ++asked;
  const answer = await fetch(`${address}?${query}`);
  if (!answer.ok || number !== asked) {
    return;
  }
  const { values, key } = await answer.json();
  const fields = SHARES.map((name) => [name, document.querySelector(`[name="${name}"]`)]);
  if (fields.some(([name, field]) => field.value !== (offered[name] ?? ""))) {
    return; // somebody has typed
  }
  fields.forEach(([name, field]) => (field.value = values[name] ?? ""));
  offered = values;
  shown.value = key;
}

if (preset) {
  const words = JSON.parse(preset.dataset.presets);
  const address = boxes[0]?.dataset.shares;
  preset.addEventListener("change", () => show(words));
  show(words);
  if (shown && address) {
    [preset, ...boxes].forEach((each) => each.addEventListener("change", () => fillShares(address)));
  }
}
