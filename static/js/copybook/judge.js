/**
 * Which element of a letter is missing or misplaced, if any, whatever the order, number and direction of strokes.
 *
 * Hypotheses are compared: the letter is all there; one element is missing; one is elsewhere. Each is fitted by itself (the
 * drawing may be anywhere, of any size, stretched and slanted within what a hand does), and the cheapest is believed.
 */

import { boxMap, IDENTITY, mapped, middleOf, momentMap, pushMap, unlikeness } from "./affine.js";
import { cloudOf } from "./cloud.js";
import { approach, SHIFT, shifted, total, WORST } from "./distance.js";

export const SETTINGS = {
  evidence: 0.3, // of a spread's square: neighbouring points err together
  hand: 3.5, // how much it counts that a hand seldom writes so, beside what the ink says
  misplaced: 10, // how much less a misplaced element is expected than none
  missing: 2, // how much less a missing one is
  doubt: 0.45, // share of all that speaks for a missing element which does not yet convince
  near: 31, // hundredths of the box: an element nearer to its place is at its place, unless …
  plain: 26, // … it is as much less expected there
  afar: 30, // hundredths of the box: how far elements that are misplaced go
  accepted: 3, // mean cost, in squared spreads, up to which a drawing is the letter at all
  second: 20, // how much less one is believed by which another element is absent, too
  absent: 6, // an element's mean cost beyond which it is not there, wherever it was looked for
};
const FIRST_STEPS = 3;
const MORE_STEPS = 10;
const AGAIN = 3;
const NO_CLOSENESS = 4; // mean cost that is shown as none
const TRIED = 3;

/**
 * Judge a drawing.
 * @param {number[][][]} elements paths [x, y] of the letter's elements
 * @param {number[][][]} strokes the drawing's strokes, in the same measure where the sheet shows the letter
 * @returns {{verdict: string, element: number, closeness: number, costs: number[], strokes: number[][][]}} verdict "right", "missing",
 *   "misplaced" or "unlike"; the element that it is about, or -1; closeness from 0 to 1; each element's mean cost; the
 *   strokes where they fit the letter best
 */
export function judge(elements, strokes, settings = SETTINGS) {
  const problem = { drawing: cloudOf(strokes), letter: cloudOf(elements), strokes, elements, settings };
  const found = [whole(problem)];
  if (elements.length > 1) {
    elements.forEach((_path, number) => found.push(...without(problem, number)));
  }
  found[0] = again(problem, found);
  return answerOf(believed(problem, found), found[0], problem);
}

function cheapest(found) {
  return found.reduce((one, other) => (other.cost < one.cost ? other : one));
}

/** The cheapest, unless by it another element is absent, too: one fault can be named, and a dearer one may need no other. */
function believed({ elements, settings }, found) {
  const best = cheapest(found);
  const likely = found.filter(({ cost }) => cost <= best.cost + settings.second);
  const single = likely.filter((fit) => !lacks(costsOf(fit, elements.length), fit, settings));
  return single.length ? cheapest(single) : best;
}

/** The letter is all there. */
function whole(problem) {
  const { drawing, letter } = problem;
  const fits = rated(startsFor(drawing, letter), drawing, letter);
  return cheapest(fits.map(({ map }) => settled(problem, letter, { map, shifts: atHome(problem) }, "right", -1)));
}

/** The letter is all there, fitted from where the best of the others lie, too: it is not to lose by its starts. */
function again(problem, [whole, ...others]) {
  const best = others.sort((one, other) => one.cost - other.cost).slice(0, AGAIN);
  const shifts = atHome(problem);
  return cheapest([whole, ...best.map(({ map }) => settled(problem, problem.letter, { map, shifts }, "right", -1))]);
}

/** An element is missing; it is elsewhere. */
function without(problem, number) {
  const { drawing, letter } = problem;
  const rest = letter.filter((i) => letter.line[i] !== number);
  const [fit] = rated(startsFor(drawing, rest), drawing, rest);
  const missing = settled(problem, rest, { map: fit.map, shifts: atHome(problem) }, "missing", number);
  const starts = [...asStroke(problem, rest, number), ...asRest(problem, missing, number)];
  return [missing, ...starts.map((start) => settled(problem, letter, start, "misplaced", number))];
}

/** Where an element may have gone, if it is one of the strokes: the rest of the drawing is the rest of the letter. */
function asStroke(problem, rest, number) {
  const { drawing, letter, strokes } = problem;
  const element = letter.filter((i) => letter.line[i] === number);
  const found = strokes.length < 2 ? [] : strokes.flatMap((_stroke, k) => {
    const [others, stroke] = [drawing.filter((i) => drawing.line[i] !== k), drawing.filter((i) => drawing.line[i] === k)];
    const pushed = pushMap(others, rest);
    const still = { ...approach(others, rest, { map: pushed }, 0), map: pushed };
    const fits = [still, ...rated(startsFor(others, rest), others, rest).slice(0, 1)];
    return fits.map((fit) => {
      const way = wayFrom(element, mapped(stroke, fit.map));
      const shape = approach(stroke, shifted(element, { [number]: way }), { map: fit.map }, 0);
      const cost = costOf(fit) + costOf(shape) + unlikeness(fit.map, middleOf(rest));
      return { map: fit.map, shifts: gone(problem, number, way), cost };
    });
  });
  return found.sort((one, other) => one.cost - other.cost).slice(0, TRIED);
}

/** Where an element may have gone, if it is among the ink that nothing else explains. */
function asRest(problem, { ink, toLetter, map }, number) {
  const { letter } = problem;
  const element = letter.filter((i) => letter.line[i] === number);
  const unexplained = ink.filter((i) => toLetter.cost[i] > WORST / 2);
  return unexplained.size ? [{ map, shifts: gone(problem, number, wayFrom(element, unexplained)) }] : [];
}

function wayFrom(from, to) {
  const [[x, y], [toX, toY]] = [middleOf(from), middleOf(to)];
  return [toX - x, toY - y];
}

function gone(problem, number, way) {
  return atHome(problem).map((home, element) => (element === number ? way : home));
}

function atHome({ elements }) {
  return elements.map(() => [0, 0]);
}

function startsFor(drawing, letter) {
  return [IDENTITY, boxMap(drawing, letter), momentMap(drawing, letter)];
}

/** Fits of a drawing to a letter after a few steps from the two starts that promise most, the best one first. */
function rated(starts, drawing, letter) {
  const home = middleOf(letter);
  const fit = (map, steps) => {
    const found = approach(drawing, letter, { map }, steps);
    return { ...found, cost: costOf(found) + unlikeness(found.map, home) };
  };
  const byCost = (one, other) => one.cost - other.cost;
  const promising = starts.map((map) => fit(map, 0)).sort(byCost).slice(0, 2);
  return promising.map(({ map }) => fit(map, FIRST_STEPS)).sort(byCost);
}

/** A hypothesis, fitted to its end and rated. */
function settled({ drawing, letter: all, settings }, letter, start, verdict, number) {
  const fit = approach(drawing, letter, start, MORE_STEPS, verdict === "misplaced" ? number : -1);
  const silence = settings.evidence * settings.doubt * WORST * weightOf(all, number);
  const charge = { right: 0, missing: settings.missing + silence, misplaced: settings.misplaced };
  const seldom = settings.hand * unlikeness(fit.map, homeOf(all, number));
  const cost = costOf(fit) + seldom + unsettled(fit.shifts, verdict, number) + charge[verdict];
  return { ...fit, verdict, number, cost };
}

/** The middle of all elements but one. */
function homeOf(letter, number) {
  return middleOf(letter.filter((i) => letter.line[i] !== number));
}

function weightOf(cloud, line) {
  return cloud.weight.reduce((sum, each, i) => sum + (cloud.line[i] === line ? each : 0), 0);
}

/** What speaks against a fit. */
function costOf({ ink, letter, toLetter, toInk }) {
  return SETTINGS.evidence * (total(toLetter, ink) + total(toInk, letter));
}

/** Minus the logarithm of how likely elements are so far from their places. */
function unsettled(shifts, verdict, number) {
  let sum = 0;
  shifts.forEach(([dx, dy], element) => {
    const reach = verdict === "misplaced" && element === number ? SETTINGS.afar : SHIFT;
    sum += (dx * dx + dy * dy) / (2 * reach * reach);
  });
  return sum;
}

function answerOf(fit, whole, { elements, strokes, settings }) {
  const mean = costOf(fit) / SETTINGS.evidence / (sumOf(fit.ink.weight) + sumOf(fit.letter.weight));
  const closeness = Math.max(0, 1 - mean / NO_CLOSENESS);
  const isPlain = whole.cost - fit.cost > settings.plain;
  const isNear = fit.verdict === "misplaced" && reach(fit) < settings.near && !isPlain;
  const costs = costsOf(fit, elements.length);
  const isUnlike = mean > settings.accepted || lacks(costs, fit, settings);
  const verdict = isUnlike ? "unlike" : isNear ? "right" : fit.verdict;
  const isNamed = !isUnlike && !isNear;
  return { verdict, element: isNamed ? fit.number : -1, closeness, costs, strokes: moved(strokes, fit.map) };
}

/** Whether an element is not there beside the one that is said to be missing or misplaced: one fault can be named, not two. */
function lacks(costs, { number }, settings) {
  return costs.some((cost, element) => cost > settings.absent && element !== number);
}

/** How far the misplaced element is from its place on the sheet: its shift, before the map. */
function reach({ map: [a, b, , c, d], shifts, number }) {
  const [dx, dy] = shifts[number];
  return Math.hypot(d * dx - b * dy, a * dy - c * dx) / Math.abs(a * d - b * c);
}

function sumOf(values) {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Strokes where the map puts them. */
function moved(strokes, [a, b, e, c, d, f]) {
  return strokes.map((stroke) => stroke.map(([x, y]) => [a * x + b * y + e, c * x + d * y + f]));
}

/** The mean cost of each element's points; the worst for one that is missing or misplaced. */
function costsOf({ letter, toInk, number }, count) {
  const [sums, weights] = [new Array(count).fill(0), new Array(count).fill(0)];
  for (let i = 0; i < letter.size; i += 1) {
    sums[letter.line[i]] += letter.weight[i] * toInk.cost[i];
    weights[letter.line[i]] += letter.weight[i];
  }
  return sums.map((sum, element) => (element === number ? WORST : sum / Math.max(weights[element], 1e-9)));
}
