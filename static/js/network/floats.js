/** Parameters as model files store them, widened to float32. */

import { NetworkError } from "./errors.js";

/** Of each precision: how many bytes a value has, and what makes the reader of one, little-endian, from a DataView. */
const PRECISIONS = {
  fp32: { bytes: 4, reader: () => (view, offset) => view.getFloat32(offset, true) },
  fp16: { bytes: 2, reader: halfReader },
};

/**
 * As many values from bytes.
 * @throws {NetworkError} They are more or fewer, or of a precision that is not known here.
 */
export function toFloats(bytes, precision, count) {
  const known = Object.hasOwn(PRECISIONS, precision) ? PRECISIONS[precision] : null;
  if (!known || bytes.length !== count * known.bytes) {
    throw new NetworkError(`There are not ${count} values of precision ${precision}.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [read, floats] = [known.reader(), new Float32Array(count)];
  for (let index = 0; index < count; index += 1) {
    floats[index] = read(view, index * known.bytes);
  }
  return floats;
}

/** A model has many more halves than there are different ones: each is worked out once. */
function halfReader() {
  const every = Float32Array.from({ length: 2 ** 16 }, (_, bits) => half(bits));
  return (view, offset) => every[view.getUint16(offset, true)];
}

/** The number that 16 bits are (IEEE 754 binary16): sign, 5 bits of exponent, 10 of fraction. Every one is a float32. */
export function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) {
    return fraction ? NaN : sign * Infinity;
  }
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : (2 ** -14 * fraction) / 1024);
}
