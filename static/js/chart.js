/** Draws the figures of a page (docs/pages.md, “Chart”) and keeps them fresh while the work behind them runs. */

import { paint } from "./charts/canvas.js";
import { chartConfiguration, isNamedBelow } from "./charts/configuration.js";
import { reachPoints } from "./charts/points.js";
import { viewed } from "./charts/view.js";

const POLL_MILLISECONDS = 2000;
const MANY_NAMES = 9; // below a chart they need more height than it has
const drawn = new Map(); // figure → Chart

/** Points of a chart's longest series. */
function longest(chart) {
  return Math.max(0, ...chart.series.map((series) => (series.points ?? series.values ?? []).length));
}

/** Draw one figure, or bring it up to date; before the first point there is nothing to draw. */
function draw(figure, chart, running) {
  figure.dataset.points = longest(chart);
  figure.dataset.running = running;
  if (!longest(chart)) {
    return;
  }
  const width = figure.querySelector(".chart-plot").clientWidth;
  if (isNamedBelow(chart, width)) {
    figure.dataset.names = chart.series.length > MANY_NAMES ? "many" : "some";
  }
  const configuration = chartConfiguration(viewed(chart, figure.querySelector("[data-chart-tools]")), width);
  if (paint(figure, drawn, configuration, figure.querySelector("figcaption")?.innerText ?? "")) {
    reachPoints(figure, drawn.get(figure));
  }
}

/** Draw all figures that a source feeds. */
function drawAll(figures, content) {
  for (const figure of figures) {
    const chart = content.charts[figure.dataset.chart];
    if (chart) {
      draw(figure, chart, Boolean(content.running));
    }
  }
}

/** Wait; a page in the background waits until it is looked at again. */
async function pause(milliseconds) {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  if (document.hidden) {
    await new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));
  }
}

/** Ask for newer figures until the work is done. A failed request is asked again, ever more seldom. */
async function follow(source, figures) {
  let failures = 0;
  while (source.content.running && source.content.url) {
    await pause(POLL_MILLISECONDS * 2 ** Math.min(failures, 4));
    try {
      const response = await fetch(source.content.url, { headers: { Accept: "application/json" } });
      if (!response.ok) {
        throw new Error(response.statusText);
      }
      source.content = { url: source.content.url, ...(await response.json()) };
      failures = 0;
      drawAll(figures, source.content);
      source.element.dispatchEvent(new CustomEvent("figures", { detail: source.content }));
    } catch {
      failures += 1;
    }
  }
}

/** The figures of the page by the script that feeds them. */
function figuresBySource() {
  const bySource = new Map();
  for (const figure of document.querySelectorAll("figure[data-source]")) {
    const id = figure.dataset.source;
    bySource.set(id, [...(bySource.get(id) ?? []), figure]);
  }
  return bySource;
}

/** Show the tools of the figures and draw again when one is used. */
function offerTools(figures, source) {
  for (const figure of figures) {
    const tools = figure.querySelector("[data-chart-tools]");
    if (tools) {
      tools.hidden = false;
      tools.addEventListener("input", () => drawAll([figure], source.content));
    }
  }
}

for (const [id, figures] of figuresBySource()) {
  const element = document.getElementById(id);
  const source = { element, content: JSON.parse(element.textContent) };
  drawAll(figures, source.content);
  offerTools(figures, source);
  follow(source, figures);
  document.addEventListener("themechange", () => drawAll(figures, source.content));
}
