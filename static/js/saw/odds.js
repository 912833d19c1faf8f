/** The odds of a letter against all others, from logits. */

/**
 * ln p / (1 − p) of a letter, and its derivatives by the logits: its own logit against the others', each as far as it is
 * probable. The softmax itself hardly changes where a letter is sure; this does.
 * @returns {{odds: number, error: Float64Array}}
 */
export function oddsOf(logits, letter, temperature) {
  const scaled = Float64Array.from(logits, (z) => z / temperature);
  const others = scaled.filter((_, index) => index !== letter);
  const largest = Math.max(...others);
  const sum = others.reduce((total, z) => total + Math.exp(z - largest), 0);
  const share = (z) => Math.exp(z - largest) / sum;
  const error = scaled.map((z, index) => (index === letter ? 1 : -share(z)) / temperature);
  return { odds: scaled[letter] - largest - Math.log(sum), error };
}
