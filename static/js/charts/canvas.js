/** One canvas for a figure: made at the first configuration, brought up to date by each that follows. */

/**
 * Draw a figure's chart.
 *
 * @param figure has `.chart-plot`, which the canvas fills.
 * @param charts Map from the figures that have a chart to theirs.
 * @param configuration for Chart.js.
 * @param label what the canvas shows, for who cannot see it.
 * @returns whether the canvas was made now.
 */
export function paint(figure, charts, configuration, label) {
  const present = charts.get(figure);
  if (present) {
    Object.assign(present.data, configuration.data);
    present.options = configuration.options;
    present.update("none");
    return false;
  }
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  figure.querySelector(".chart-plot").replaceChildren(canvas);
  charts.set(figure, new window.Chart(canvas, configuration));
  return true;
}
