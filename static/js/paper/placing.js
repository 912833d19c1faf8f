/** Letters as boxes over the picture, each where it was found; a tap takes the nearest, however small they are. */

const REACH = 24; // CSS pixels from a box within which a tap means its letter

/** Put boxes of letters, and of what is not read, into a place that covers the picture. */
export function placeBoxes(place, letters, unread) {
  place.replaceChildren(...letters.map(boxOf), ...unread.map(boxOf));
}

function boxOf(letter) {
  const box = document.createElement("span");
  const [left, top, width, height] = letter.box;
  const { page } = letter;
  box.className = "paper-box";
  box.dataset.state = letter.state;
  box.style.left = `${(100 * left) / page.width}%`;
  box.style.top = `${(100 * top) / page.height}%`;
  box.style.width = `${(100 * width) / page.width}%`;
  box.style.height = `${(100 * height) / page.height}%`;
  return box;
}

/** The number of the letter that a pointer over the place means, or -1. */
export function letterAt(place, letters, { clientX, clientY }) {
  const frame = place.getBoundingClientRect();
  let [nearest, least] = [-1, REACH];
  for (const [number, { box, page }] of letters.entries()) {
    const scale = frame.width / page.width;
    const [left, top, width, height] = box.map((each) => each * scale);
    const across = beside(clientX - frame.left - left, width);
    const down = beside(clientY - frame.top - top, height);
    const distance = Math.max(across, down);
    if (distance < least) {
      [nearest, least] = [number, distance];
    }
  }
  return nearest;
}

/** How far a point lies beside a stretch that begins at 0; within it, less than nothing, the least in its middle. */
function beside(point, length) {
  return Math.abs(point - length / 2) - length / 2;
}
