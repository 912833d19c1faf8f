/** Letters of a data set as the page learns from them: the file that training/study/learning/pictures.py makes. */

import { INPUTS } from "./samples.js";

const MAGIC = "PRLP";
const VERSION = 1;
const HEAD_BYTES = 5; // magic, version

/**
 * Samples to learn from, and others to score with.
 * @param {ArrayBuffer} content
 * @returns {{training: import("../training/trainer.js").Samples, validation: import("../training/trainer.js").Samples}}
 * @throws {Error} It is another file, or a damaged one.
 */
export function readPictures(content) {
  const bytes = new Uint8Array(content);
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== MAGIC || bytes[4] !== VERSION) {
    throw new Error("This is no file of pictures.");
  }
  const training = samplesAt(bytes, HEAD_BYTES);
  const validation = samplesAt(bytes, training.end);
  if (validation.end !== bytes.length) {
    throw new Error("The file of pictures is damaged.");
  }
  if (training.end === HEAD_BYTES + 2 || validation.end === training.end + 2) {
    throw new Error("There are no pictures in it to learn from, or none held back.");
  }
  return { training: training.samples, validation: validation.samples };
}

function samplesAt(bytes, place) {
  const count = bytes[place] + 256 * bytes[place + 1];
  const first = place + 2 + count;
  const end = first + count * INPUTS;
  return { samples: { labels: bytes.slice(place + 2, first), inputs: bytes.slice(first, end) }, end };
}

/** The first `perLetter` samples of each letter. */
export function someOfEach({ inputs, labels }, perLetter) {
  const counts = new Map();
  const kept = [...labels.keys()].filter((number) => {
    counts.set(labels[number], (counts.get(labels[number]) ?? 0) + 1);
    return counts.get(labels[number]) <= perLetter;
  });
  const chosen = { inputs: new Uint8Array(kept.length * INPUTS), labels: Uint8Array.from(kept, (number) => labels[number]) };
  kept.forEach((number, place) => chosen.inputs.set(inputs.subarray(number * INPUTS, (number + 1) * INPUTS), place * INPUTS));
  return chosen;
}
