/** From scores to letters: what every kernel does at the end. */

export class Answers {
  #classes;
  #scale;
  #probabilities;

  /** `scale`: what 1 of a score is worth. */
  constructor(classes, scale = 1) {
    this.#classes = classes;
    this.#scale = scale;
    this.#probabilities = new Float32Array(classes);
  }

  /** The most probable letter of each image (softmax, then the largest), by its index, into `letters`. */
  read(scores, images, letters) {
    for (let image = 0; image < images; image += 1) {
      letters[image] = this.#likeliest(scores, image * this.#classes);
    }
  }

  #likeliest(scores, first) {
    let best = 0;
    for (let place = 1; place < this.#classes; place += 1) {
      if (scores[first + place] > scores[first + best]) {
        best = place;
      }
    }
    const largest = scores[first + best];
    let sum = 0;
    for (let place = 0; place < this.#classes; place += 1) {
      this.#probabilities[place] = Math.exp((scores[first + place] - largest) * this.#scale);
      sum += this.#probabilities[place];
    }
    for (let place = 0; place < this.#classes; place += 1) {
      this.#probabilities[place] /= sum;
    }
    return best;
  }
}
