/** From the JSON of a chart (docs/pages.md) to a Chart.js configuration. */

import { intervals } from "./intervals.js";
import { colour } from "./colours.js";
import { directLabels, LETTER, MOST_ROOM } from "./direct_labels.js";

const SERIES_COLOURS = 6;

/** A function that writes an axis's values: per cent or plain, in the page's language. */
function formatter(axis = {}) {
  const options =
    axis.format === "percent" ? { style: "percent", maximumFractionDigits: 2 } : { maximumSignificantDigits: 4 };
  const format = new Intl.NumberFormat(document.documentElement.lang, options);
  return (value) => format.format(value);
}

/** Does the chart have a row or a column for each label, not an axis of numbers? */
function isByLabel(chart) {
  return chart.kind === "bar" || chart.kind === "dots";
}

/** Chart.js's dataset of one series. */
function dataset(series, index, kind) {
  const full = colour(`--series-${series.color ?? (index % SERIES_COLOURS) + 1}`);
  const ink = series.faint ? full.replace(/^rgb\((.*)\)$/, "rgba($1, 0.25)") : full;
  return {
    label: series.label,
    key: series.key,
    faint: series.faint,
    name: series.name ?? series.label,
    showLine: !series.dots && kind !== "dots",
    ranges: series.ranges,
    stepped: series.stepped ? "before" : false,
    data: series.values && kind !== "line" ? series.values : series.points.map(([x, y, name]) => ({ x, y, name })),
    borderColor: ink,
    backgroundColor: ink,
    borderWidth: kind === "bar" ? 0 : series.thin ? 1 : 2,
    borderDash: series.dashed ? [6, 4] : [],
    borderRadius: 2,
    maxBarThickness: 36,
    pointRadius: kind === "scatter" || kind === "dots" || series.dots || series.marked ? 4 : series.thin ? 0 : series.points?.length > 40 ? 0 : 2,
    pointHoverRadius: 5,
    cubicInterpolationMode: "monotone",
  };
}

/** Are all x of the chart whole numbers (epochs, say)? Then no tick stands between two of them. */
function isWhole(chart) {
  return chart.series.every((series) => series.points.every(([x]) => Number.isInteger(x)));
}

/** Of the ticks of a logarithmic axis 1, 2 and 5 are named; where it has less than a decade, those that stand apart. */
function isNamed(value, ticks) {
  const decades = Math.log10(ticks.at(-1).value / ticks[0].value);
  const leading = Number(value.toExponential(6).split("e")[0]);
  return decades >= 1 ? [1, 2, 5].includes(leading) : Number.isInteger(leading * 5);
}

/** Chart.js's scale of one axis. */
function scale(axis = {}, type = "linear") {
  const format = formatter(axis);
  const isNumber = type !== "category";
  return {
    type: axis.log ? "logarithmic" : type,
    min: axis.min,
    max: axis.max,
    grace: isNumber && !axis.log && axis.format !== "percent" ? "4%" : undefined, // no share is below 0 % or above 100 %
    title: { display: Boolean(axis.label), text: axis.label, color: colour("--text-muted") },
    grid: { color: colour("--rule-faint"), drawTicks: false },
    border: { color: colour("--rule"), display: true },
    ticks: {
      color: colour("--text-muted"),
      padding: 8,
      maxRotation: 0,
      autoSkipPadding: 16,
      ...(isNumber && { callback: (value, _index, ticks) => (axis.log && ticks && !isNamed(value, ticks) ? "" : format(value)) }), // no ticks: a point's own value
    },
  };
}

/** Where an axis of points begins: at 0 where they come near it from above, as a cost does, which is never less. */
function beginning(chart) {
  const values = chart.series.flatMap((series) => series.points.map(([, y]) => y));
  const lowest = Math.min(...values);
  return !chart.y?.log && lowest >= 0 && lowest < Math.max(...values) / 4 ? 0 : undefined;
}

/** The scales of x and y. */
function scales(chart) {
  if (!isByLabel(chart)) {
    const x = { ...scale(chart.x), grace: undefined };
    x.ticks.precision = isWhole(chart) ? 0 : undefined;
    return { x, y: { ...scale(chart.y), min: chart.y?.min ?? beginning(chart) } };
  }
  const names = { ...scale({ label: chart.x?.label }, "category"), grid: { display: false }, stacked: chart.stacked };
  const values = { ...scale(chart.y), beginAtZero: !chart.y?.log, stacked: chart.stacked };
  if (chart.kind === "dots") Object.assign(names, { offset: true, grid: { color: colour("--rule-faint") } });
  if (chart.horizontal) names.ticks.autoSkip = false; // a bar without its name says nothing
  return chart.horizontal ? { x: values, y: names } : { x: names, y: values };
}

/** What the tooltip says of a point: "train: 95.3 %". */
function tooltip(chart) {
  const format = formatter(chart.y);
  const value = (item) => (isByLabel(chart) && chart.horizontal ? item.parsed.x : item.parsed.y);
  const between = ({ dataset: { ranges }, dataIndex }) =>
    ranges?.[dataIndex] ? ` (${ranges[dataIndex].map(format).join(" … ")})` : "";
  return {
    displayColors: false,
    filter: (item) => !item.dataset.faint,
    backgroundColor: colour("--text"),
    titleColor: colour("--paper"),
    bodyColor: colour("--paper"),
    callbacks: {
      title: (items) => (isByLabel(chart) ? items[0]?.label : `${chart.x?.label ?? ""} ${items[0]?.label}`.trim()),
      label: (item) => `${item.raw?.name ?? item.dataset.name}: ${format(value(item))}${between(item)}`,
    },
  };
}

/** Can each line's name stand beside its end? There is a third of the chart's width for names. */
function hasRoomForNames(chart, width) {
  return Math.max(0, ...chart.series.map(({ label }) => (label ?? "").length)) * LETTER <= MOST_ROOM * width;
}

/** Are the lines' names in a legend below the chart, as there is no room beside them? */
export function isNamedBelow(chart, width) {
  return chart.kind === "line" && (chart.beside ?? true) && !hasRoomForNames(chart, width);
}

/** The legend: of bars and dots above them, of lines below. */
function legend(chart, below) {
  const byLabel = isByLabel(chart) && chart.series.length > 1;
  const own = below ? { usePointStyle: true, pointStyle: "line", boxWidth: 20, filter: ({ text }) => text } : { usePointStyle: chart.kind === "dots", boxWidth: 12 };
  return {
    display: byLabel || below,
    position: below ? "bottom" : "top",
    labels: { color: colour("--text"), boxHeight: 12, ...own },
  };
}

/**
 * The whole configuration.
 *
 * @param chart as docs/pages.md has it.
 * @param width of the place for it, in pixels.
 */
export function chartConfiguration(chart, width = Infinity) {
  const many = chart.series.length > 2 * SERIES_COLOURS;
  const below = isNamedBelow(chart, width);
  return {
    type: chart.kind === "dots" ? "line" : chart.kind,
    data: { labels: chart.labels, datasets: chart.series.map((series, index) => dataset(series, index, chart.kind)) },
    options: {
      indexAxis: chart.horizontal ? "y" : "x",
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: chart.kind === "scatter" || chart.nearest || many ? "nearest" : "index", intersect: false },
      font: { family: getComputedStyle(document.body).fontFamily },
      scales: scales(chart),
      plugins: {
        legend: legend(chart, below),
        tooltip: tooltip(chart),
        directLabels: { display: chart.kind === "line" && (chart.beside ?? true) && !below },
        intervals: { display: chart.kind === "dots" },
      },
    },
    plugins: [directLabels, intervals],
  };
}
