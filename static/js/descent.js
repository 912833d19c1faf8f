/** Figure 4 of the study: the descent follows its sliders. The steps are those of training/study/illustrations/surface.py. */

const FAR = 100;
const NEAR = 0.05;
const MAP = 200;
const SVG = "http://www.w3.org/2000/svg";

/** C(v₁, v₂). */
function cost([v1, v2]) {
  return v1 ** 4 / 4 - v1 ** 2 / 2 + v1 / 5 + v2 ** 2;
}

/** The start and the points after each step v → v − η∇C (1.9); it ends where the surface is left. */
function pathFrom(start, rate, steps) {
  const points = [start];
  while (points.length <= steps && Math.max(...points.at(-1).map(Math.abs)) < FAR) {
    const [v1, v2] = points.at(-1);
    points.push([v1 - rate * (v1 ** 3 - v1 + 0.2), v2 - rate * 2 * v2]);
  }
  return points;
}

/** Where a path ends: the name of its sentence. */
function outcomeOf(end, dips) {
  if (Math.max(...end.map(Math.abs)) >= FAR) {
    return "left";
  }
  const place = dips.findIndex(([v1, v2]) => Math.sqrt((end[0] - v1) ** 2 + (end[1] - v2) ** 2) < NEAR);
  return ["deepest", "lesser"][place] ?? "under-way";
}

/** A circle of the map. */
function dot([v1, v2]) {
  const circle = document.createElementNS(SVG, "circle");
  for (const [name, value] of Object.entries({ class: "dot", cx: MAP * v1, cy: -MAP * v2, r: 5 })) {
    circle.setAttribute(name, value);
  }
  return circle;
}

/** A row of the table: number of the step, v₁, v₂, C. */
function row(number, point, format) {
  const line = document.createElement("tr");
  for (const [place, text] of [number, ...[...point, cost(point)].map(format)].entries()) {
    const cell = document.createElement(place ? "td" : "th");
    cell.className = "number";
    cell.textContent = text;
    if (!place) cell.scope = "row";
    line.append(cell);
  }
  return line;
}

/** Draw the descent that the sliders ask for, and say where it ends. */
function draw(figure, words) {
  const sliders = figure.querySelector("form").elements;
  const [v1, v2, rate] = ["v1", "v2", "rate"].map((name) => sliders[name].valueAsNumber);
  const points = pathFrom([v1, v2], rate, words.steps);
  const format = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 3, maximumFractionDigits: 3, useGrouping: false });
  const written = (value) => format.format(Math.round(1000 * value) / 1000 + 0); // + 0: no −0
  const short = new Intl.NumberFormat(document.documentElement.lang);
  figure.querySelector("[data-path]").setAttribute("points", points.map(([x, y]) => `${MAP * x},${-MAP * y}`).join(" "));
  figure.querySelector("[data-dots]").replaceChildren(...points.map(dot));
  const start = figure.querySelector("[data-start]");
  start.setAttribute("cx", MAP * v1);
  start.setAttribute("cy", -MAP * v2);
  figure.querySelector("[data-rows]").replaceChildren(...points.map((point, number) => row(number, point, written)));
  figure.querySelector("[data-values]").textContent = `v₁ = ${short.format(v1)}, v₂ = ${short.format(v2)}, η = ${short.format(rate)}`;
  figure.querySelector("#descent-outcome").textContent = words.outcomes[outcomeOf(points.at(-1), words.dips)];
  history.replaceState(null, "", `?v1=${v1}&v2=${v2}&rate=${rate}#descent`);
}

const figure = document.querySelector("[data-descent]");
const words = JSON.parse(document.getElementById(figure.dataset.descent).textContent);
figure.querySelector("[data-without-script]").hidden = true;
figure.querySelector("form").addEventListener("input", () => draw(figure, words));
