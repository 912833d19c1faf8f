/** Asks the server to read; the latest question wins. */

/** The bytes of a base64 text. */
function bytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The server refused or could not be reached; the message is a sentence for the reader. */
export class ReadingError extends Error {}

/** Why the server does not answer, as far as the browser knows. */
export function unreachable(texts) {
  return navigator.onLine ? texts.unreachable : texts.offline;
}

/** Ask, and once more where the connection broke: a process of the server was replaced, and another one answers. */
async function ask(address, request) {
  try {
    return await fetch(address, request);
  } catch (error) {
    if (request.signal.aborted) {
      throw error;
    }
    return fetch(address, request);
  }
}

export class Client {
  #addresses;
  #texts;
  #running = null;

  /** `addresses`: {strokes, picture}; `texts`: {unreachable, offline, unread, too_often} in the page's language. */
  constructor(addresses, texts) {
    this.#addresses = addresses;
    this.#texts = texts;
  }

  /** Read strokes: [x, y, t] in CSS pixels. */
  readStrokes(strokes) {
    const body = JSON.stringify({ strokes });
    return this.#ask(this.#addresses.strokes, { body, headers: { "Content-Type": "application/json" } });
  }

  /** Read a picture file. */
  readPicture(file) {
    const body = new FormData();
    body.append("image", file);
    return this.#ask(this.#addresses.picture, { body });
  }

  /** Drop the question that is under way. */
  cancel() {
    this.#running?.abort();
    this.#running = null;
  }

  /**
   * The answer, its input and picture as bytes, with `elapsed`, milliseconds of the whole way; null if a later question
   * has taken its place.
   * @throws {ReadingError}
   */
  async #ask(address, request) {
    this.cancel();
    const controller = new AbortController();
    this.#running = controller;
    const start = performance.now();
    try {
      const response = await ask(address, { method: "POST", signal: controller.signal, ...request });
      const content = await response.json().catch(() => null);
      if (!response.ok || !content) {
        throw new ReadingError(this.#sentence(response.status, content));
      }
      const [input, picture] = [bytes(content.input), bytes(content.picture)];
      return controller.signal.aborted ? null : { ...content, input, picture, elapsed: performance.now() - start };
    } catch (error) {
      if (controller.signal.aborted) {
        return null;
      }
      throw error instanceof ReadingError ? error : new ReadingError(unreachable(this.#texts));
    }
  }

  #sentence(status, content) {
    return content?.error ?? (status === 429 ? this.#texts.too_often : this.#texts.unread);
  }
}
