/** The small set of letters that the page trains on: drawings, as training/study/learning/letters.py writes them. */

const MAGIC = "PRLL";
const VERSION = 1;
const HEAD_BYTES = 7; // magic, version, letters, drawings of each
const HELD_BACK = 12; // of each letter's drawings: the network is scored on them and learns from none

/**
 * @typedef {object} Drawing
 * @property {number} label which letter of the alphabet
 * @property {number[][][]} strokes of points [x, y], in 255ths of the letter's longest side
 */

/**
 * Drawings to learn from, and others to score with.
 * @param {ArrayBuffer} content
 * @returns {{training: Drawing[], validation: Drawing[]}}
 * @throws {Error} It is another file, or a damaged one.
 */
export function readLetters(content) {
  const bytes = new Uint8Array(content);
  const [version, letters, perLetter] = bytes.subarray(4, 7);
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== MAGIC || version !== VERSION) {
    throw new Error("This is no file of letters.");
  }
  const [training, validation] = [[], []];
  let place = HEAD_BYTES;
  for (let number = 0; number < letters * perLetter; number += 1) {
    const { strokes, end } = drawingAt(bytes, place);
    place = end;
    const split = number % perLetter < perLetter - HELD_BACK ? training : validation;
    split.push({ label: Math.floor(number / perLetter), strokes });
  }
  if (place !== bytes.length) {
    throw new Error("The file of letters is damaged.");
  }
  return { training, validation };
}

function drawingAt(bytes, first) {
  let place = first + 1;
  const strokes = Array.from({ length: bytes[first] }, () => {
    const points = Array.from({ length: bytes[place] }, (_, point) => [bytes[place + 1 + 2 * point], bytes[place + 2 + 2 * point]]);
    place += 1 + 2 * points.length;
    return points;
  });
  return { strokes, end: place };
}
