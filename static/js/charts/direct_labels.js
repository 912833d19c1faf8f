/** A Chart.js plugin: each line's name stands beside its last point, so no legend is needed. */

const GAP = 8;
const LINE_HEIGHT = 16;
const FONT_SIZE = 13;
export const LETTER = 8; // pixels of a letter of a name, about
export const MOST_ROOM = 0.35; // of the chart's width: a name that needs more is cut

/** The labels of a chart with the height at which each would like to stand, from top to bottom. */
function wishes(chart) {
  return chart.data.datasets
    .map((dataset, index) => ({ dataset, last: chart.getDatasetMeta(index).data.at(-1) }))
    .filter(({ dataset, last }) => !dataset.faint && last && Number.isFinite(last.y))
    .map(({ dataset, last }) => ({ text: dataset.label, ink: dataset.borderColor, x: last.x, y: last.y }))
    .sort((one, other) => one.y - other.y);
}

/** Move labels apart that would cover each other, and keep them inside the plot. */
function spread(labels, { top, bottom }) {
  for (let i = 0; i < labels.length; i += 1) {
    const above = i === 0 ? top : labels[i - 1].y + LINE_HEIGHT;
    labels[i].y = Math.max(labels[i].y, above);
  }
  for (let i = labels.length - 1; i >= 0; i -= 1) {
    const below = i === labels.length - 1 ? bottom : labels[i + 1].y - LINE_HEIGHT;
    labels[i].y = Math.min(labels[i].y, below);
  }
  return labels;
}

/** A name cut to fit into a number of pixels. */
function fitting(ctx, text, room) {
  if (ctx.measureText(text).width <= room) {
    return text;
  }
  let length = text.length;
  while (length > 1 && ctx.measureText(`${text.slice(0, length)}…`).width > room) {
    length -= 1;
  }
  return `${text.slice(0, length)}…`;
}

/** The canvas's font for the labels. */
function font(chart) {
  return `600 ${FONT_SIZE}px ${chart.options.font.family}`;
}

export const directLabels = {
  id: "directLabels",

  /** Leave room at the right for the longest label. */
  beforeLayout(chart, _arguments, { display }) {
    chart.ctx.save();
    chart.ctx.font = font(chart);
    const widths = chart.data.datasets.map((dataset) => chart.ctx.measureText(dataset.label).width);
    chart.ctx.restore();
    const room = Math.min(Math.max(0, ...widths), MOST_ROOM * chart.width);
    chart.options.layout.padding = { right: display ? room + 2 * GAP : 0 };
  },

  afterDatasetsDraw(chart, _arguments, { display }) {
    if (!display) {
      return;
    }
    const { ctx } = chart;
    ctx.save();
    ctx.font = font(chart);
    ctx.textBaseline = "middle";
    for (const label of spread(wishes(chart), chart.chartArea)) {
      ctx.fillStyle = label.ink;
      ctx.fillText(fitting(ctx, label.text, chart.width - label.x - 2 * GAP), label.x + GAP, label.y);
    }
    ctx.restore();
  },
};
