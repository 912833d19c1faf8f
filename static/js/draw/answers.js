/** The answer to a drawing: read on this device where that can be, else by the server. */

export class Answers {
  #live;
  #client;
  #model;

  /** `live`: a LiveReader; `client`: a Client of the server; `model`: what the page was told of the model in service. */
  constructor({ live, client, model }) {
    this.#live = live;
    this.#client = client;
    this.#model = model;
  }

  /** What can be said at once, while the pen moves: {own, answer}, each null where there is none; null: a later one came. */
  async grow(strokes) {
    const reading = await this.#live.read(strokes);
    return reading && { own: reading.own, answer: this.#ownAnswer(reading) };
  }

  /**
   * The answer to a drawing that rests, as the server gives it; null: a later question took its place.
   * @throws {import("./client.js").ReadingError}
   */
  async answer(strokes) {
    const reading = await this.#live.read(strokes, { isPatient: true });
    return reading && (this.#ownAnswer(reading) ?? this.#client.readStrokes(strokes));
  }

  /** The same for a picture file, which the server reads. */
  answerPicture(file) {
    return this.#client.readPicture(file);
  }

  /** Drop the question that the server was asked. */
  cancel() {
    this.#client.cancel();
  }

  #ownAnswer({ own, best, refused, twin, letters, milliseconds }) {
    if (!best) {
      return null;
    }
    const verdict = { letter: best[0].letter, best, refused, twin };
    return { ...own, ...verdict, ink_bright: true, milliseconds, isOwn: true, model: { ...this.#model, letters } };
  }
}
