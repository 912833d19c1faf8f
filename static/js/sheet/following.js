/** What a canvas cannot follow by itself: its size on the screen, and the colour that the stylesheet gives it. */

/** Call `act` with the canvas's side in pixels of the screen, whenever it may have changed. */
export function followSize(canvas, act) {
  const observer = new ResizeObserver(([entry]) => {
    const wanted = Math.round(entry.contentRect.width * devicePixelRatio);
    const exact = entry.devicePixelContentBoxSize?.[0].inlineSize;
    act(Math.abs(exact - wanted) <= 1 ? exact : wanted); // an emulated density is not in the exact size
  });
  try {
    observer.observe(canvas, { box: "device-pixel-content-box" });
  } catch {
    observer.observe(canvas); // Safari has no device pixel box
  }
  followDensity(() => act(Math.round(canvas.clientWidth * devicePixelRatio)));
}

/** Moving the window to another screen changes the density and not always the size. */
function followDensity(act) {
  const again = () => {
    act();
    followDensity(act);
  };
  matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", again, { once: true });
}

/** Call `act` with the element's colour, now and when it may have changed: looking it up at each frame would be slow. */
export function followColour(element, act) {
  const look = () => act(getComputedStyle(element).color);
  document.addEventListener("themechange", look);
  for (const query of ["print", "(forced-colors: active)"]) {
    matchMedia(query).addEventListener("change", look);
  }
  look();
}
