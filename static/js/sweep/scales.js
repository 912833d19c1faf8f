/** Where a value stands on an axis of parallel coordinates: 0 at the bottom, 1 at the top. */

/** A scale of numbers, plain or logarithmic. */
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
  return {
    place: (value) => (high > low ? (measure(value) - low) / (high - low) : 0.5),
    ticks: (high > low ? [0, 0.25, 0.5, 0.75, 1] : [0.5]).map((share) => ({ share, text: format.format(at(share)) })),
  };
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
