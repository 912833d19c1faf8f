/** The letter to copy, as SVG: its elements with numbers, where each begins and which way it goes. */

const SVG = "http://www.w3.org/2000/svg";
const NUMBER_AWAY = 4.5; // hundredths of the side

/** An SVG element. */
export function svg(name, attributes = {}, text = "") {
  const element = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, content]) => element.setAttribute(key, content));
  element.textContent = text;
  return element;
}

/** Points of an element in hundredths of the sheet's side. */
function onSheet(path, placement) {
  return path.map((point) => placement.toSheet(point).map((part) => Math.round(part * 10_000) / 100));
}

function pathOf(points) {
  return `M${points.map((point) => point.join(" ")).join("L")}`;
}

/** The line of an element. */
function line(points, kind) {
  return svg("path", { d: pathOf(points), class: kind, pathLength: 1 });
}

/** A small arrow on the way of an element. */
function arrow(points) {
  const at = Math.min(points.length - 1, Math.max(1, Math.round(points.length * 0.55)));
  const [[ax, ay], [x, y]] = [points[at - 1], points[at]];
  const angle = (Math.atan2(y - ay, x - ax) * 180) / Math.PI;
  return svg("path", { d: "M-1.3-1.5 1.4 0-1.3 1.5Z", class: "model-arrow", transform: `translate(${x} ${y}) rotate(${angle})` });
}

/** Where an element begins, with its number beside it, away from the line and from other numbers. */
function start(points, number, taken) {
  const [x, y] = points[0];
  const [dx, dy] = [x - points[Math.min(3, points.length - 1)][0], y - points[Math.min(3, points.length - 1)][1]];
  const back = Math.atan2(dy, dx);
  const angles = [0, 0.8, -0.8, 1.6, -1.6, 2.4, -2.4].map((turn) => back + turn);
  const places = angles.map((angle) => [x + NUMBER_AWAY * Math.cos(angle), y + NUMBER_AWAY * Math.sin(angle)]);
  const isFree = ([px, py]) => taken.every(([tx, ty]) => Math.hypot(px - tx, py - ty) > NUMBER_AWAY);
  const place = places.find(isFree) ?? places[0];
  taken.push(place);
  return [
    svg("circle", { cx: x, cy: y, r: 1.1, class: "model-start" }),
    svg("text", { x: place[0], y: place[1], class: "model-number" }, String(number)),
  ];
}

/** Draw a letter into an SVG group; returns the lines of its elements, in the order of writing. */
export function drawModel(group, elements, placement) {
  const taken = [];
  const drawn = elements.map((element) => onSheet(element.path, placement));
  const lines = drawn.map((points) => line(points, "model-line"));
  const marks = drawn.flatMap((points, number) => [
    ...(elements.length > 1 || points.length > 2 ? [arrow(points)] : []),
    ...start(points, number + 1, taken),
  ]);
  group.replaceChildren(...lines, ...marks);
  return lines;
}

/** The lines of the copybook that a letter stands between. */
export function drawRuling(group, placement, slant) {
  const [top, base] = placement.lines.map((part) => part * 100);
  const lean = 60 * (slant || 0);
  const slanted = slant ? [-10, 10, 30, 50, 70, 90, 110].map((x) => svg("line", { x1: x, y1: 100, x2: x + lean * (100 / 60), y2: 0, class: "ruling-slant" })) : [];
  const lines = [top, base].map((y) => svg("line", { x1: 0, x2: 100, y1: y, y2: y, class: "ruling-line" }));
  group.replaceChildren(...slanted, ...lines);
}
