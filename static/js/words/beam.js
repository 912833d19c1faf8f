/** The best word of a lexicon in a lattice. The twin of recognizer/core/words/beam.py. */

const WIDTH = 64; // beginnings of words that are followed at each bound
const TRUST = 0.5; // in a lexicon

/**
 * The best word of the lexicon, {score, groups, letters} with the numbers of its groups and letters; null where none is found.
 * @param {import("./lattice.js").Lattice} lattice
 * @param {number[]} scores of groups, without letters
 * @param {number[][]} logs of each group, log-probabilities of the letters
 * @param {string} letters of the model
 * @param {import("./lexicon.js").Lexicon} lexicon
 */
export function bestWord({ bounds, groups }, scores, logs, letters, lexicon) {
  const numbers = new Map([...letters].map((letter, number) => [letter, number]));
  const starting = bounds.map(() => []);
  groups.forEach(({ first }, group) => starting[first].push(group));
  const beams = bounds.map(() => []);
  beams[0] = [{ score: 0, state: lexicon.root, ends: false, group: -1, letter: -1, before: null, length: 0 }];
  for (let bound = 0; bound < bounds.length - 1; bound += 1) {
    const some = largest(beams[bound]);
    const edges = some.flatMap((before) => (before.state ? edgesOf(before, numbers, lexicon) : []));
    for (const group of starting[bound]) {
      beams[groups[group].end].push(...longer(edges, group, scores[group], logs[group]));
    }
  }
  let found = null;
  for (const each of beams.at(-1)) {
    const score = each.ends ? each.score + gain(each.length, lexicon) : -Infinity;
    found = each.ends && !(score <= found?.score) ? { score, ...pathOf(each) } : found;
  }
  return found;
}

/** What a word of n letters gains: a share of log(33ⁿ / words of n letters), how much likelier it is than others. */
function gain(length, lexicon) {
  const words = lexicon.wordsOf(length);
  return words ? TRUST * (length * Math.log(33) - Math.log(words)) : -Infinity;
}

function largest(beam) {
  return [...beam].sort((one, other) => other.score - one.score).slice(0, WIDTH);
}

/** Letters of the model that some word goes on with, and where they lead. */
function edgesOf(before, numbers, lexicon) {
  const found = [];
  for (const [letter, { state, ends }] of lexicon.followers(before.state)) {
    if (numbers.has(letter)) {
      found.push({ before, letter: numbers.get(letter), state, ends });
    }
  }
  return found;
}

/** Beginnings with a group as one letter more. */
function longer(edges, group, score, logs) {
  return edges.map(({ before, letter, state, ends }) => ({
    score: before.score + (score + logs[letter]), state, ends, group, letter, before, length: before.length + 1,
  }));
}

function pathOf(last) {
  const [groups, letters] = [[], []];
  for (let each = last; each.before; each = each.before) {
    groups.unshift(each.group);
    letters.unshift(each.letter);
  }
  return { groups, letters };
}
