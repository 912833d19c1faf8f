/** What this browser keeps: who it is, its token, and a result until the server has it. Without storage, as long as the page. */

const NAME = "propis-device";

export class DeviceMemory {
  #kept;

  constructor() {
    this.#kept = { key: hexadecimal(16), ...read() };
  }

  /** The number by which the server knows this browser again: 32 hexadecimal digits that nobody can guess. */
  get key() {
    return this.#kept.key;
  }

  get token() {
    return this.#kept.token ?? "";
  }

  set token(token) {
    this.#keep({ token });
  }

  /** A result that the server does not have yet: {job, delivery}, or null. */
  get result() {
    return this.#kept.result ?? null;
  }

  set result(result) {
    this.#keep({ result });
  }

  #keep(changes) {
    Object.assign(this.#kept, changes);
    try {
      localStorage.setItem(NAME, JSON.stringify(this.#kept));
    } catch {
      // Forbidden or full: what is kept is kept by this page alone.
    }
  }
}

/** An id of a result's own. Not `crypto.randomUUID`, which browsers hide from pages that came over plain http. */
export function newId() {
  const digits = hexadecimal(16);
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join("-");
}

function hexadecimal(bytes) {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(NAME)) ?? {};
  } catch {
    return {};
  }
}
