/** The kernel's instance, and room in its memory, which only grows. */

const PAGE = 2 ** 16;
const ALIGNED = 16; // bytes: what SIMD loads at once

export class WasmMemory {
  #next;

  /** `instance`: of the kernel. */
  constructor({ exports }) {
    this.kernel = exports;
    this.#next = exports.__heap_base.value;
  }

  /**
   * Room for values, and these values in it.
   * @param {Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Float32Array} values
   * @returns {number} where they begin
   */
  put(values) {
    const place = this.room(values.byteLength);
    new values.constructor(this.kernel.memory.buffer, place, values.length).set(values);
    return place;
  }

  /** Room for so many bytes. */
  room(bytes) {
    const place = Math.ceil(this.#next / ALIGNED) * ALIGNED;
    this.#next = place + bytes;
    const missing = this.#next - this.kernel.memory.buffer.byteLength;
    if (missing > 0) {
      this.kernel.memory.grow(Math.ceil(missing / PAGE));
    }
    return place;
  }
}
