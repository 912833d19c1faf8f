/** Where a value stands on an axis of parallel coordinates: 0 at the bottom, 1 at the top. */

const MOST_TICKS = 8;
const TICKS_APART = 0.055; // of the axis: closer ones would cover each other

/** Shares without those that stand too close to the one before; both ends stay. */
function apart(shares) {
  const kept = [];
  for (const share of shares) {
    if (!kept.length || share - kept.at(-1) >= TICKS_APART) {
      kept.push(share);
    } else if (share === 1 && kept.length > 1) {
      kept.splice(-1, 1, share);
    }
  }
  return kept;
}

/** A scale of numbers, plain or logarithmic: ticks at the values that were used, where these are few. */
function numbers(axis, values) {
  const measure = axis.log ? Math.log10 : Number;
  const known = values.map(measure);
  const low = Math.min(...known);
  const high = Math.max(...known);
  const back = axis.log ? (place) => 10 ** place : Number;
  const options =
    axis.format === "percent" ? { style: "percent", maximumFractionDigits: 1 } : { maximumSignificantDigits: 3 };
  const format = new Intl.NumberFormat(document.documentElement.lang, options);
  const at = (share) => back(low + share * (high - low));
  const place = (value) => (high > low ? (measure(value) - low) / (high - low) : 0.5);
  const used = [...new Set(values)].sort((one, other) => one - other);
  const isFew = used.length <= MOST_TICKS && axis.format !== "percent";
  const exact = new Map(used.map((value) => [place(value), value]));
  const shares = isFew ? apart([...exact.keys()]) : high > low ? [0, 0.25, 0.5, 0.75, 1] : [0.5];
  return { place, ticks: shares.map((share) => ({ share, text: format.format(exact.get(share) ?? at(share)) })) };
}

/** A scale of words, evenly apart. */
function words(axis, values) {
  const known = [...new Set([...axis.words, ...values])];
  const share = (word) => (known.length > 1 ? known.indexOf(word) / (known.length - 1) : 0.5);
  return { place: share, ticks: known.map((word) => ({ share: share(word), text: word })) };
}

/** The scale of an axis over the values that its lines have there. */
export function scaleOf(axis, values) {
  return axis.words ? words(axis, values) : numbers(axis, values);
}
