/** The page of a sweep: parallel coordinates linked with the table of trials. Charts are drawn by chart.js. */

import { Parallel } from "./sweep/parallel.js";

const figure = document.getElementById("parallel");
const words = document.getElementById("parallel-words");
const reset = document.getElementById("parallel-reset");
const source = document.getElementById("figures");
let chosenRuns = null;

/** The rows of the table, as they are now. */
function rows() {
  return document.querySelectorAll("#trials tr[data-run]");
}

/** Dim the rows that are not chosen. */
function dimRows() {
  for (const row of rows()) {
    row.classList.toggle("is-out", chosenRuns !== null && !chosenRuns.has(Number(row.dataset.run)));
  }
}

const parallel = new Parallel(figure.querySelector(".parallel-plot"), {
  onChange(chosen) {
    chosenRuns = chosen && new Set(chosen.map((line) => line.run));
    reset.hidden = chosen === null;
    words.textContent = chosen === null ? "" : `${chosen.length} / ${parallel.data.lines.length}`;
    dimRows();
  },
  onHover(run) {
    for (const row of rows()) {
      row.classList.toggle("is-lit", Number(row.dataset.run) === run);
    }
  },
});

/** Draw what there is; before the second trial there is nothing to compare. */
function draw(content) {
  figure.hidden = content.lines.length < 2;
  if (!figure.hidden) {
    parallel.draw(content);
    figure.dataset.lines = content.lines.length;
  }
}

draw(JSON.parse(source.textContent).parallel);
reset.addEventListener("click", () => parallel.reset());
source.addEventListener("figures", (event) => draw(event.detail.parallel));
window.addEventListener("resize", () => parallel.data && parallel.draw(parallel.data));
document.addEventListener("htmx:oobAfterSwap", dimRows);
document.addEventListener("pointerover", (event) => {
  const row = event.target.closest?.("#trials tr[data-run]");
  parallel.light(row ? Number(row.dataset.run) : null);
});
