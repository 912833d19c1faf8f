/** What the network sees, as SVG rectangles: a picture, and the maps of the eight directions that were made of it. */

const SIDE = 28;
/** Column and row of each direction's map, around an empty middle as on a compass. */
const PLACES = [[2, 1], [2, 2], [1, 2], [0, 2], [0, 1], [0, 0], [1, 0], [2, 0]];

function rectangle(attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  Object.entries(attributes).forEach(([name, content]) => element.setAttribute(name, content));
  return element;
}

/** A rectangle for each pixel with ink of a picture of 28×28, as opaque as there is ink. */
export function pixels(picture, inkIsBright) {
  const rectangles = [];
  picture.forEach((value, index) => {
    const ink = inkIsBright ? value : 255 - value;
    if (ink) {
      rectangles.push(rectangle({ x: index % SIDE, y: Math.floor(index / SIDE), width: 1, height: 1, "fill-opacity": ink / 255 }));
    }
  });
  return rectangles;
}

/** A rectangle around each map, and one for each value that is not 0; maps are one unit apart. */
export function mapCells(input, [, grid]) {
  const rectangles = PLACES.map(([column, row]) =>
    rectangle({ x: column * (grid + 1), y: row * (grid + 1), width: grid, height: grid, class: "map-frame" }));
  input.forEach((value, index) => {
    if (value) {
      const [column, row] = PLACES[Math.floor(index / (grid * grid))];
      const [x, y] = [column * (grid + 1) + (index % grid), row * (grid + 1) + (Math.floor(index / grid) % grid)];
      rectangles.push(rectangle({ x, y, width: 1, height: 1, "fill-opacity": value / 255 }));
    }
  });
  return rectangles;
}

/** Side of the square that all maps lie in. */
export function mapsSide([, grid]) {
  return 3 * grid + 2;
}
