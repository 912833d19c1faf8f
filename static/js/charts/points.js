/** Named points of a chart: the arrow keys go from one to the next, a link to one shows it, and a line says which it is. */

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Every named point of a chart from left to right: where it is in the chart, and what it is. */
function namedPoints(chart) {
  return chart.data.datasets
    .flatMap(({ data }, datasetIndex) => data.map((point, index) => ({ ...point, datasetIndex, index })))
    .filter(({ name }) => name)
    .sort((one, other) => one.x - other.x || other.y - one.y);
}

/** Mark a point as if it were pointed at, and say its name and values. */
function show(chart, { datasetIndex, index, name, x, y }, said) {
  const place = chart.getDatasetMeta(datasetIndex).data[index].getCenterPoint();
  chart.setActiveElements([{ datasetIndex, index }]);
  chart.tooltip.setActiveElements([{ datasetIndex, index }], place);
  chart.update("none");
  const { x: across, y: up } = chart.options.scales;
  said.textContent = `${name}: ${up.ticks.callback(y)}, ${across.ticks.callback(x)} ${across.title.text}`;
}

/** Let the keyboard and the links of the page reach the points of a figure that has a line to say them in. */
export function reachPoints(figure, chart) {
  const said = figure.querySelector("[data-chart-said]");
  if (!said) {
    return;
  }
  let place = -1;
  chart.canvas.tabIndex = 0;
  chart.canvas.addEventListener("keydown", (event) => {
    const points = namedPoints(chart);
    if (event.key in STEPS && points.length) {
      event.preventDefault();
      place = place < 0 ? 0 : (place + STEPS[event.key] + points.length) % points.length;
      show(chart, points[place], said);
    }
  });
  for (const link of document.querySelectorAll("a[data-point]")) {
    const reach = () => {
      const found = namedPoints(chart).findLast(({ name }) => name === link.dataset.point);
      if (found) {
        show(chart, found, said);
      }
    };
    link.addEventListener("focus", reach);
    link.addEventListener("pointerenter", reach);
  }
}
