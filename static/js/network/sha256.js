/**
 * SHA-256 (FIPS 180-4). The browser's own where there is one: it hides it from pages that came over plain http, and these
 * are read in a classroom or at home, from the computer that runs Propis.
 */

const ROUNDS = 64;
const BLOCK = 64; // bytes
const [START, ADDED] = constants();

/** The hash of bytes, in 64 hexadecimal digits. */
export async function sha256(bytes) {
  const own = globalThis.crypto?.subtle;
  return hexadecimal(own ? new Uint8Array(await own.digest("SHA-256", bytes)) : digest(bytes));
}

/** The hash of bytes (Uint8Array), computed here: 32 bytes. */
export function digest(bytes) {
  const state = Uint32Array.from(START);
  const words = new Uint32Array(ROUNDS);
  const whole = bytes.length - (bytes.length % BLOCK);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let offset = 0; offset < whole; offset += BLOCK) {
    compress(state, words, view, offset);
  }
  const rest = padded(bytes.subarray(whole), bytes.length);
  for (let offset = 0; offset < rest.byteLength; offset += BLOCK) {
    compress(state, words, rest, offset);
  }
  const result = new DataView(new ArrayBuffer(32));
  state.forEach((word, index) => result.setUint32(4 * index, word));
  return new Uint8Array(result.buffer);
}

function hexadecimal(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The last bytes with a 1, zeros, and the length of all in bits, to the end of a block (§5.1.1). */
function padded(last, length) {
  const bytes = new Uint8Array(last.length + 9 > BLOCK ? 2 * BLOCK : BLOCK);
  bytes.set(last);
  bytes[last.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 8, Math.floor(length / 2 ** 29));
  view.setUint32(bytes.length - 4, (length * 8) >>> 0);
  return view;
}

/** Take one block into the state (§6.2.2). */
function compress(state, words, view, offset) {
  schedule(words, view, offset);
  let [a, b, c, d, e, f, g, h] = state;
  for (let round = 0; round < ROUNDS; round += 1) {
    const sum1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const first = (h + sum1 + ((e & f) ^ (~e & g)) + ADDED[round] + words[round]) | 0;
    const sum0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const second = (sum0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, index) => {
    state[index] += word;
  });
}

function schedule(words, view, offset) {
  for (let round = 0; round < 16; round += 1) {
    words[round] = view.getUint32(offset + 4 * round);
  }
  for (let round = 16; round < ROUNDS; round += 1) {
    const [near, far] = [words[round - 2], words[round - 15]];
    const sigma1 = rotated(near, 17) ^ rotated(near, 19) ^ (near >>> 10);
    const sigma0 = rotated(far, 7) ^ rotated(far, 18) ^ (far >>> 3);
    words[round] = sigma1 + words[round - 7] + sigma0 + words[round - 16];
  }
}

function rotated(word, bits) {
  return (word >>> bits) | (word << (32 - bits));
}

/** The first 32 bits of the fractional parts of the square and cube roots of the first primes (§4.2.2, §5.3.3). */
function constants() {
  const primes = [];
  for (let number = 2; primes.length < ROUNDS; number += 1) {
    if (primes.every((prime) => number % prime)) {
      primes.push(number);
    }
  }
  const bits = (root) => Math.floor((root - Math.floor(root)) * 2 ** 32);
  return [Uint32Array.from(primes.slice(0, 8), (prime) => bits(Math.sqrt(prime))), Uint32Array.from(primes, (prime) => bits(Math.cbrt(prime)))];
}
