/** Drawings made into what a network learns from: one input of 28×28 bytes each, as everywhere. */

import { specification } from "../ink/specifications.js";

export const SIDE = 28;
export const INPUTS = SIDE * SIDE;
export const INK = "moments-2";

/** The input (784 bytes) of a drawing's strokes; null where there is no ink in it. */
export function inputOf(strokes) {
  try {
    return specification(INK).fromStrokes(strokes);
  } catch {
    return null;
  }
}

/**
 * Samples of drawings; one without ink is left out.
 * @param {import("./letters.js").Drawing[]} drawings
 * @returns {import("../training/trainer.js").Samples}
 */
export function samplesOf(drawings) {
  const made = drawings.map(({ label, strokes }) => ({ label, input: inputOf(strokes) })).filter(({ input }) => input);
  const inputs = new Uint8Array(made.length * INPUTS);
  made.forEach(({ input }, number) => inputs.set(input, number * INPUTS));
  return { inputs, labels: Uint8Array.from(made, ({ label }) => label) };
}
