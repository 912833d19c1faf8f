/** Requests to the server as docs/devices.md describes them, with patience while it is away. */

const VERSION = "1";
const COME_AGAIN = new Set([408, 429, 500, 502, 503, 504]);
const [FIRST_WAIT, LONGEST_WAIT] = [2000, 60_000]; // milliseconds

/** The server refuses, and would again: its status, and a sentence. */
export class RefusedError extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

/** The server does not answer, or asks to come again. */
class AwayError extends Error {}

export class Site {
  #address;
  #token = "";
  #onAway;

  /** `address`: what all others are below; `onAway(isAway)`: called when the server goes away and comes back. */
  constructor(address, onAway) {
    this.#address = address;
    this.#onAway = onAway;
  }

  /** Ask with this token from now on. */
  identify(token) {
    this.#token = token;
  }

  /**
   * Send JSON until it is answered.
   * @throws {RefusedError}
   */
  async post(path, body) {
    return (await this.#patiently(path, { method: "POST", body: JSON.stringify(body) })).json();
  }

  /** Send JSON once; false where nobody answers, or refuses. */
  async tell(path, body) {
    try {
      return await (await this.#ask(path, { method: "POST", body: JSON.stringify(body), keepalive: true })).json();
    } catch {
      return false;
    }
  }

  /**
   * A file by its SHA-256, as it came.
   * @throws {RefusedError}
   */
  async file(sha256) {
    return new Uint8Array(await (await this.#patiently(`files/${sha256}`, { method: "GET" })).arrayBuffer());
  }

  async #patiently(path, request) {
    for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
      try {
        const response = await this.#ask(path, request);
        this.#onAway(false);
        return response;
      } catch (error) {
        if (!(error instanceof AwayError)) {
          throw error;
        }
        this.#onAway(true);
        await new Promise((resolve) => setTimeout(resolve, wait * (0.9 + 0.2 * Math.random()))); // not all at once
      }
    }
  }

  async #ask(path, request) {
    const headers = { "X-Propis-Agent": VERSION, "Content-Type": "application/json" };
    if (this.#token) {
      headers.Authorization = `Bearer ${this.#token}`;
    }
    let response;
    try {
      response = await fetch(`${this.#address}${path}`, { headers, credentials: "same-origin", ...request });
    } catch (error) {
      throw new AwayError(error.message);
    }
    if (response.ok) {
      return response;
    }
    const words = (await response.json().catch(() => null))?.error ?? `${response.status}`;
    throw COME_AGAIN.has(response.status) ? new AwayError(words) : new RefusedError(response.status, words);
  }
}
