/** Asks the server to read; the latest question wins. */

/** The server refused or could not be reached; the message is a sentence for the reader. */
export class ReadingError extends Error {}

export class Client {
  #addresses;
  #texts;
  #running = null;

  /** `addresses`: {strokes, picture}; `texts`: {unreachable, refused, too_often} in the page's language. */
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
   * The answer with `elapsed`, milliseconds of the whole way; null if a later question has taken its place.
   * @throws {ReadingError}
   */
  async #ask(address, request) {
    this.cancel();
    const controller = new AbortController();
    this.#running = controller;
    const start = performance.now();
    try {
      const response = await fetch(address, { method: "POST", signal: controller.signal, ...request });
      const content = await response.json().catch(() => null);
      if (!response.ok || !content) {
        throw new ReadingError(this.#sentence(response.status, content));
      }
      return controller.signal.aborted ? null : { ...content, elapsed: performance.now() - start };
    } catch (error) {
      if (controller.signal.aborted) {
        return null;
      }
      throw error instanceof ReadingError ? error : new ReadingError(this.#texts.unreachable);
    }
  }

  #sentence(status, content) {
    return content?.error ?? (status === 429 ? this.#texts.too_often : this.#texts.refused);
  }
}
