/** SVG made of squares: pictures of 28×28 as the page shows them everywhere, and grids of cells. */

const NAMESPACE = "http://www.w3.org/2000/svg";
const SIDE = 28;

/** An SVG element with these attributes. */
export function element(name, attributes = {}) {
  const made = document.createElementNS(NAMESPACE, name);
  Object.entries(attributes).forEach(([key, content]) => made.setAttribute(key, content));
  return made;
}

/** A picture that says what it shows; `side`: units along each axis. */
export function graphic(label, side = SIDE) {
  return element("svg", { viewBox: `0 0 ${side} ${side}`, role: "img", "aria-label": label, "shape-rendering": "crispEdges" });
}

/** Squares for the pixels of a picture that `opacityOf` makes visible: 0…1 of each value, drawn with a class of its own. */
export function squares(values, opacityOf, classOf = () => "ink") {
  const made = [];
  values.forEach((value, place) => {
    const opacity = Math.min(opacityOf(value, place), 1);
    if (opacity > 0.004) {
      const [x, y] = [place % SIDE, Math.floor(place / SIDE)];
      made.push(element("rect", { x, y, width: 1, height: 1, "fill-opacity": opacity.toFixed(3), class: classOf(value, place) }));
    }
  });
  return made;
}

/** The ink of a picture, `strength` times as dark as it is. */
export function ink(picture, paper, strength = 1) {
  return squares(picture, (value) => (strength * Math.abs(value - paper)) / 255);
}
