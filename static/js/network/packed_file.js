/** Packed model files: a short card, and parameters in as few bytes as can be. The twin of recognizer/core/packed/. */

import { NetworkError } from "./errors.js";
import { toFloats } from "./floats.js";

const HEAD_BYTES = 7; // magic, version, length of the card
const MAGIC = "PRPS";
const VERSION = 1;
const TABLE = 256;
const LOGIT_SHIFT = 16;
const WHOLE_BITS = { int8: 8, int4: 4, int2: 2 };

/**
 * What a packed file's one member holds: of a network in floats as `readModelFile` gives it, of one in whole numbers its layers.
 * @param {Uint8Array} member
 * @returns {{card: object, weights: Float32Array[], biases: Float32Array[]} | {card: object, layers: object[], logitScale: number}}
 * @throws {NetworkError}
 */
export function readPacked(member) {
  const view = new DataView(member.buffer, member.byteOffset, member.length);
  const text = (first, end) => new TextDecoder().decode(member.subarray(first, end));
  if (text(0, 4) !== MAGIC || view.getUint8(4) !== VERSION) {
    throw new NetworkError("This is no packed model file, or one of another version.");
  }
  const end = HEAD_BYTES + view.getUint16(5, true);
  const { temperature = 1, threshold = null, non_letters: kinds = 0, ...card } = JSON.parse(text(HEAD_BYTES, end));
  const parts = new Parts(member.subarray(end));
  const shapes = card.sizes.slice(1).map((neurons, index) => ({ neurons, inputs: card.sizes[index] }));
  const content = card.precision in WHOLE_BITS ? wholeOf(parts, card, shapes) : floatsOf(parts, card, shapes);
  const doubt = { temperature, threshold, non_letters: nonLetters(parts, kinds, card.sizes.at(-2)) };
  parts.finish();
  return { card: { ...card, recipe: { doubt } }, ...content };
}

/** Arrays one after the other. */
class Parts {
  #bytes;
  #offset = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  /** The next bytes, as they are. */
  bytes(count) {
    const first = this.#offset;
    this.#offset += count;
    if (this.#offset > this.#bytes.length) {
      throw new NetworkError("The packed model file is cut off.");
    }
    return this.#bytes.subarray(first, this.#offset);
  }

  /** The next whole numbers of so many bytes, little-endian: `Int16` and so on, as a DataView names them. */
  whole(kind, count) {
    const size = Number.parseInt(kind.replace(/\D/g, ""), 10) / 8;
    const bytes = this.bytes(count * size);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return Int32Array.from({ length: count }, (_, index) => view[`get${kind}`](index * size, true));
  }

  floats(precision, count) {
    return toFloats(this.bytes(count * (precision === "fp16" ? 2 : 4)), precision, count);
  }

  finish() {
    if (this.#offset !== this.#bytes.length) {
      throw new NetworkError("The packed model file is longer than its card says.");
    }
  }
}

function floatsOf(parts, { precision }, shapes) {
  const [weights, biases] = [[], []];
  for (const { neurons, inputs } of shapes) {
    weights.push(precision === "fp16" ? parts.floats("fp16", neurons * inputs) : scaledRows(parts, neurons, inputs));
    biases.push(parts.floats(precision === "fp16" ? "fp16" : "fp32", neurons));
  }
  return { weights, biases };
}

/** Weights that are whole numbers of 8 bits, with a scale for each row. */
function scaledRows(parts, rows, count) {
  const whole = parts.whole("Int8", rows * count);
  const scales = parts.floats("fp32", rows);
  return Float32Array.from(whole, (value, place) => value * scales[Math.floor(place / count)]);
}

function wholeOf(parts, card, shapes) {
  const last = shapes.length - 1;
  const layers = shapes.map((shape, index) => wholeLayer(parts, card, shape, index === last));
  return { layers, logitScale: parts.floats("fp32", 1)[0] };
}

/** Weights, biases in the unit of the sums, multipliers, shifts and table of a layer, as docs/precisions.md names them. */
function wholeLayer(parts, { precision, activation }, { neurons, inputs }, isLast) {
  const weights = unpacked(parts, neurons, inputs, WHOLE_BITS[precision]);
  const short = parts.whole("Int16", neurons);
  const [biasShift] = parts.bytes(1);
  const biases = short.map((bias) => bias * 2 ** biasShift);
  if (!isLast && activation === "relu") {
    return { weights, biases, multipliers: new Int32Array(neurons).fill(1), shifts: parts.bytes(neurons), table: null };
  }
  const multipliers = parts.whole("Uint16", neurons);
  const [shift] = isLast ? [LOGIT_SHIFT] : parts.bytes(1);
  return { weights, biases, multipliers, shifts: new Uint8Array(neurons).fill(shift), table: isLast ? null : parts.bytes(TABLE) };
}

/** Weights of rows that begin with a byte of their own; the first of a byte is in its lowest bits. */
function unpacked(parts, rows, count, bits) {
  const rowBytes = Math.ceil((count * bits) / 8);
  const bytes = parts.bytes(rows * rowBytes);
  const weights = new Int8Array(rows * count);
  const [each, largest] = [8 / bits, 2 ** bits - 1];
  for (let place = 0; place < weights.length; place += 1) {
    const column = place % count;
    const byte = bytes[((place - column) / count) * rowBytes + Math.floor(column / each)];
    weights[place] = bits === 8 ? byte : 2 * ((byte >> (bits * (column % each))) & largest) - largest;
  }
  return weights;
}

/** What tells non-letters, as a card of another model file has it, but for weights that are numbers already. */
function nonLetters(parts, kinds, hidden) {
  const whole = parts.whole("Int8", kinds * hidden);
  const [scales, biases] = [parts.floats("fp32", kinds), parts.floats("fp32", kinds)];
  const row = (kind) => Array.from(whole.subarray(kind * hidden, (kind + 1) * hidden));
  return Object.fromEntries(
    Array.from(scales, (scale, kind) => [String(kind + 1), { bias: biases[kind], scale, weights: row(kind) }]),
  );
}
