/** Pictures of 28×28 bytes on canvases, in the colours of the page. */

import { colour } from "../charts/colours.js";

const SIDE = 28;

const channels = (property) => colour(property).match(/[\d.]+/g).slice(0, 3).map(Number);

/** The colours that pictures are painted in, as they are now: light or dark. */
export function inks() {
  return { ink: channels("--stroke"), for: channels("--series-1"), against: channels("--series-2") };
}

/** Paint a letter: ink by its strength on whatever is behind. */
export function paintLetter(canvas, picture, { ink }) {
  canvas.width = SIDE;
  canvas.height = SIDE;
  const image = new ImageData(SIDE, SIDE);
  picture.forEach((byte, place) => image.data.set([...ink, byte], 4 * place));
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** Nothing is painted there any more. */
export function eraseLetter(canvas) {
  canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
}

/** Write weights into an image: 128 is 0, above it one colour, below it the other. `left`, `top`: of the picture in it. */
export function writeWeights(image, bytes, first, { left, top }, colours) {
  for (let place = 0; place < SIDE * SIDE; place += 1) {
    const value = bytes[first + place] - 128;
    const [red, green, blue] = value > 0 ? colours.for : colours.against;
    const at = 4 * ((top + Math.floor(place / SIDE)) * image.width + left + (place % SIDE));
    image.data[at] = red;
    image.data[at + 1] = green;
    image.data[at + 2] = blue;
    image.data[at + 3] = Math.min(255, Math.abs(value) * 2);
  }
}
