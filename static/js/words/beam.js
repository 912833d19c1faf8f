/** The best word of a lexicon in a lattice. The twin of recognizer/core/words/beam.py. */

const WIDTH = 32; // beginnings of words that are followed at each bound
const CHOICES = 8; // letters of a group
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
  const starting = bounds.map(() => []);
  groups.forEach(({ first }, group) => starting[first].push(group));
  const beams = bounds.map(() => []);
  beams[0] = [{ score: 0, state: lexicon.root, ends: false, group: -1, letter: -1, before: null, length: 0 }];
  for (let bound = 0; bound < bounds.length - 1; bound += 1) {
    const some = largest(beams[bound]);
    for (const group of some.length ? starting[bound] : []) {
      beams[groups[group].end].push(...longer(some, group, optionsOf(scores[group], logs[group], letters), lexicon));
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

/** The likeliest letters of a group. */
function optionsOf(score, logs, letters) {
  return logs
    .map((log, number) => ({ number, log }))
    .sort((one, other) => other.log - one.log)
    .slice(0, CHOICES)
    .map(({ number, log }) => ({ number, letter: letters[number], score: score + log }));
}

/** Beginnings with one letter more that some word goes on with. */
function longer(beginnings, group, options, lexicon) {
  const found = [];
  for (const before of beginnings) {
    const followers = before.state ? lexicon.followers(before.state) : null;
    for (const { number, letter, score } of followers ? options : []) {
      const next = followers.get(letter);
      if (next) {
        found.push({ score: before.score + score, ...next, group, letter: number, before, length: before.length + 1 });
      }
    }
  }
  return found;
}

function pathOf(last) {
  const [groups, letters] = [[], []];
  for (let each = last; each.before; each = each.before) {
    groups.unshift(each.group);
    letters.unshift(each.letter);
  }
  return { groups, letters };
}
