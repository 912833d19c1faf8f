/** Ways through the lattice of a word. The twin of recognizer/core/words/paths.py. */

/**
 * Numbers of groups, from left to right, of the way that scores add up to most on.
 * @param {import("./lattice.js").Lattice} lattice
 */
export function bestPath({ bounds, groups }, scores) {
  const best = bounds.map(() => -Infinity);
  const came = bounds.map(() => -1);
  best[0] = 0;
  groups.forEach(({ first, end }, group) => {
    if (best[first] + scores[group] > best[end]) {
      best[end] = best[first] + scores[group];
      came[end] = group;
    }
  });
  const path = [];
  for (let end = bounds.length - 1; end > 0; end = groups[came[end]].first) {
    path.unshift(came[end]);
  }
  return path;
}

/** How likely each group is one of the letters: the share of all ways that go through it. */
export function likelihoods({ bounds, groups }, scores) {
  const [before, after] = [bounds.map(() => -Infinity), bounds.map(() => -Infinity)];
  before[0] = 0;
  after[bounds.length - 1] = 0;
  groups.forEach(({ first, end }, group) => {
    before[end] = logAdd(before[end], before[first] + scores[group]);
  });
  for (let group = groups.length - 1; group >= 0; group -= 1) {
    const { first, end } = groups[group];
    after[first] = logAdd(after[first], after[end] + scores[group]);
  }
  return groups.map(({ first, end }, group) => Math.exp(before[first] + scores[group] + after[end] - before.at(-1)));
}

/** Logarithm of exp(one) + exp(other). */
function logAdd(one, other) {
  const [low, high] = [Math.min(one, other), Math.max(one, other)];
  return low === -Infinity ? high : high + Math.log1p(Math.exp(low - high));
}
