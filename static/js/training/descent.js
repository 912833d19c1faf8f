/** Gradient descent on a mini-batch with L2, (2.9) and (2.10). The twin of training/core/optimization/optimizers.py. */

/**
 * w → (1 − ηλ/n) w − η/m Σ ∂C_x/∂w (2.9), b → b − η/m Σ ∂C_x/∂b (2.10).
 * @param {import("./parameters.js").LayerParameters[]} layers changed in place
 * @param {import("./parameters.js").LayerParameters[]} gradients summed over the mini-batch
 * @param {{learningRate: number, l2: number}} recipe
 * @param {{batch: number, samples: number}} counts m and n: of the mini-batch, and of the whole training set
 */
export function descend(layers, gradients, { learningRate, l2 }, { batch, samples }) {
  const [shrink, rate] = [1 - (learningRate * l2) / samples, learningRate / batch];
  layers.forEach(({ weights, biases }, index) => {
    move(weights, gradients[index].weights, shrink, rate); // (2.9)
    move(biases, gradients[index].biases, 1, rate); // (2.10)
  });
}

function move(values, gradient, shrink, rate) {
  for (let place = 0; place < values.length; place += 1) {
    values[place] = shrink * values[place] - rate * gradient[place];
  }
}
