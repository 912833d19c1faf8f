/** The form of a new run in the admin: an empty field shows what the chosen preset has. */

const preset = document.querySelector("select[data-presets]");

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

if (preset) {
  const words = JSON.parse(preset.dataset.presets);
  preset.addEventListener("change", () => show(words));
  show(words);
}
