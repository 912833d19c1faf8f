/** How a reader wants to see a figure: on a logarithmic axis, smoothed. The data stay as they came. */

/** Running mean with a memory of `weight` (0…1), corrected for its beginning, so that it starts at the first value. */
export function smoothed(points, weight) {
  let sum = 0;
  let total = 0;
  return points.map(([x, y]) => {
    sum = sum * weight + y * (1 - weight);
    total = total * weight + (1 - weight);
    return [x, sum / total];
  });
}

/** The chart as the tools of its figure ask for it; a smoothed line has its true one faint behind it. */
export function viewed(chart, tools) {
  if (!tools) {
    return chart;
  }
  const { log, smoothing } = readTools(tools);
  const y = { ...chart.y, log, max: log ? undefined : chart.y?.max };
  if (!smoothing) {
    return { ...chart, y };
  }
  const series = chart.series.map((one, index) => ({
    ...one,
    color: one.color ?? (index % 6) + 1,
    points: smoothed(one.points, smoothing),
  }));
  const behind = chart.series.map((one, index) => ({ ...one, color: series[index].color, faint: true }));
  return { ...chart, y, series: [...series, ...behind] };
}

/** What is set at a figure's tools. */
function readTools(tools) {
  return {
    log: tools.querySelector('[data-tool="log"]').checked,
    smoothing: Number(tools.querySelector('[data-tool="smoothing"]').value),
  };
}
