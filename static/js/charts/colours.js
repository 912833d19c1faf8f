/** Colours of the stylesheet, for what is drawn on a canvas. */

/** The present value of a custom property as the browser computes it, light or dark: "rgb(…)". */
export function colour(property) {
  const probe = document.createElement("span");
  probe.hidden = true;
  probe.style.color = `var(${property})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
