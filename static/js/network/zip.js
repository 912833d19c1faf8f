/** The members of a zip file none of which is compressed, as a model file is: they are views of its bytes. */

import { NetworkError } from "./errors.js";

const END = 0x06054b50; // "end of central directory", 22 bytes and a comment
const END_BYTES = 22;
const LONGEST_COMMENT = 2 ** 16;
const LISTED = 0x02014b50; // a member in the central directory
const LISTED_BYTES = 46;
const LOCAL_BYTES = 30;
const STORED = 0;

/**
 * Members by name.
 * @param {Uint8Array} bytes
 * @returns {Map<string, Uint8Array>}
 * @throws {NetworkError} It is no zip file, or has compressed members.
 */
export function members(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = endOf(view);
  const found = new Map();
  let offset = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    if (view.getUint32(offset, true) !== LISTED || view.getUint16(offset + 10, true) !== STORED) {
      throw new NetworkError("The model file has compressed or damaged members.");
    }
    const nameLength = view.getUint16(offset + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(offset + LISTED_BYTES, offset + LISTED_BYTES + nameLength));
    found.set(name, contentOf(bytes, view, view.getUint32(offset + 42, true), view.getUint32(offset + 24, true)));
    offset += LISTED_BYTES + nameLength + view.getUint16(offset + 30, true) + view.getUint16(offset + 32, true);
  }
  return found;
}

function endOf(view) {
  const first = Math.max(0, view.byteLength - END_BYTES - LONGEST_COMMENT);
  for (let offset = view.byteLength - END_BYTES; offset >= first; offset -= 1) {
    if (view.getUint32(offset, true) === END) {
      return offset;
    }
  }
  throw new NetworkError("The file is not a model file (.npz), or it is cut off.");
}

function contentOf(bytes, view, local, size) {
  const start = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  return bytes.subarray(start, start + size);
}
