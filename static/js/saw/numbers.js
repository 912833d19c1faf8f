/** Numbers in the page's language, and sentences with words in braces filled in. */

const LANGUAGE = document.documentElement.lang;
const formatOf = (options) => new Intl.NumberFormat(LANGUAGE, options);
const FORMATS = {
  percent: formatOf({ style: "percent", maximumFractionDigits: 1 }),
  small: formatOf({ style: "percent", maximumSignificantDigits: 1 }),
  activation: formatOf({ maximumFractionDigits: 2, minimumFractionDigits: 2 }),
  signed: formatOf({ maximumFractionDigits: 1, minimumFractionDigits: 1, signDisplay: "always" }),
  whole: formatOf({ maximumFractionDigits: 0 }),
};

/** A share as a percentage; a small one with its first digit. */
export function percent(share) {
  return share >= 0.001 || share === 0 ? FORMATS.percent.format(share) : FORMATS.small.format(Math.max(share, 1e-9));
}

export function activation(value) {
  return FORMATS.activation.format(value).replace("-", "−");
}

export function signed(value) {
  return FORMATS.signed.format(value).replace("-", "−");
}

export function whole(value) {
  return FORMATS.whole.format(value);
}

/** A sentence with its words in braces filled in. */
export function filled(sentence, words) {
  return Object.entries(words).reduce((text, [name, word]) => text.replaceAll(`{${name}}`, word), sentence);
}
