/** The page that compares runs: a row and its curve light up together. */

const table = document.querySelector("#compared");
const figure = document.querySelector('figure[data-chart="compare"]');

/** The Chart.js chart of the figure, once it is drawn. */
function chart() {
  const canvas = figure.querySelector("canvas");
  return canvas && window.Chart.getChart(canvas);
}

/** Show the curve of one run strongly and the others faintly; null: all alike. */
function lightCurve(key) {
  const drawn = chart();
  if (!drawn) {
    return;
  }
  for (const dataset of drawn.data.datasets) {
    dataset.ink ??= dataset.borderColor;
    const isOther = key !== null && String(dataset.key) !== key;
    dataset.borderColor = isOther ? dataset.ink.replace(/^rgb\((.*)\)$/, "rgba($1, 0.12)") : dataset.ink;
    dataset.borderWidth = key !== null && !isOther && !dataset.faint ? 4 : 2;
    dataset.order = isOther ? 1 : 0;
  }
  drawn.update("none");
}

/** The run whose curve is nearest to the pointer; null off the plot. */
function nearestRun(event) {
  const drawn = chart();
  if (!drawn || event.target !== drawn.canvas) {
    return null;
  }
  const [nearest] = drawn.getElementsAtEventForMode(event, "nearest", { intersect: false, axis: "xy" }, false);
  return nearest ? String(drawn.data.datasets[nearest.datasetIndex].key) : null;
}

/** Mark the row of one run, or of none. */
function lightRow(key) {
  for (const row of table.tBodies[0].rows) {
    row.classList.toggle("lit", row.dataset.key === key);
  }
}

if (table && figure) {
  table.addEventListener("pointerover", (event) => lightCurve(event.target.closest("tr[data-key]")?.dataset.key ?? null));
  table.addEventListener("pointerleave", () => lightCurve(null));
  table.addEventListener("focusin", (event) => lightCurve(event.target.closest("tr[data-key]")?.dataset.key ?? null));
  figure.addEventListener("pointermove", (event) => lightRow(nearestRun(event)));
  figure.addEventListener("pointerleave", () => lightRow(null));
}
