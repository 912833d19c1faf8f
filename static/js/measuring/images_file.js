/** The images that devices read: an .npz of `inputs` (n, inputs) and `labels` (n,), both bytes. */

import { NetworkError } from "../network/errors.js";
import { members } from "../network/zip.js";

const HEAD = 10; // bytes: magic, version 1.0, and the length of the header
const BYTES = "|u1";

/**
 * @param {Uint8Array} bytes of the file
 * @returns {{inputs: Uint8Array, labels: Uint8Array, count: number}}
 * @throws {NetworkError} It is another file.
 */
export function readImages(bytes) {
  const found = members(bytes);
  const [inputs, labels] = ["inputs.npy", "labels.npy"].map((name) => values(found.get(name)));
  return { inputs, labels, count: labels.length };
}

function values(array) {
  const length = array ? array[8] + 256 * array[9] : 0;
  const header = array ? new TextDecoder().decode(array.subarray(HEAD, HEAD + length)) : "";
  if (!header.includes(`'descr': '${BYTES}'`) || !header.includes("'fortran_order': False")) {
    throw new NetworkError("The images are not in a file that this page reads.");
  }
  return array.subarray(HEAD + length);
}
