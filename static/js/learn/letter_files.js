/** The files of letters that the training needs: each is fetched when it is first learnt from, and told once. */

export class LetterFiles {
  #addresses;
  #sent = new Set();

  /** @param {Record<string, [string, string]>} addresses of each source of letters: its part of the message, its file */
  constructor(addresses) {
    this.#addresses = addresses;
  }

  /**
   * What the training does not have yet of a source, as a part of the message to it.
   * @throws {Error} The file did not come: the next time it is asked for again.
   */
  async unsent(source) {
    if (!(source in this.#addresses) || this.#sent.has(source)) {
      return {};
    }
    const [part, address] = this.#addresses[source];
    const response = await fetch(address);
    if (!response.ok) {
      throw new Error(response.statusText);
    }
    const content = await response.arrayBuffer();
    this.#sent.add(source);
    return { [part]: content };
  }

  /** The training has failed, and may have lost what it was told. */
  forget() {
    this.#sent.clear();
  }
}
