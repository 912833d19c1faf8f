/** What the network says of a drawing: read in the browser where that can be, else by the server. */

import { Answers } from "../draw/answers.js";
import { Client, ReadingError } from "../draw/client.js";
import { LiveReader } from "../network/live_reader.js";

export class LetterReader {
  #answers;

  /**
   * `model` in service as the page was told of it; addresses of the worker and of what reads strokes; `texts`:
   * {unreachable, offline, unread, too_often}.
   */
  constructor({ model, workerUrl, strokesUrl, texts }) {
    const live = new LiveReader(model, workerUrl);
    this.#answers = new Answers({ live, client: new Client({ strokes: strokesUrl }, texts), model });
  }

  /**
   * Read strokes of points [x, y, t] in CSS pixels: {letter, probability, refused}; {why} where it could not be read; null
   * where another question has taken its place.
   */
  async read(strokes) {
    try {
      const answer = await this.#answers.answer(strokes);
      return answer && { letter: answer.letter, probability: answer.best[0].probability, refused: answer.refused };
    } catch (error) {
      if (error instanceof ReadingError) {
        return { why: error.message };
      }
      throw error;
    }
  }
}
