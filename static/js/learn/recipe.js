/** What is chosen on the page, and its place in the address: a link shows another the same network. */

const LARGEST_LAYER = 256;
const MOST_LAYERS = 3;

const oneOf = (...values) => (text) => (values.includes(text) ? text : null);

/** A number of any size; NaN: it is none. */
const number = (text) => (text.trim() === "" ? Number.NaN : Number(text));
const whole = (text) => (/^-?\d+$/.test(text) ? Number(text) : Number.NaN);
const sizes = (text) => text.split("-").map(whole);

/** How a number between two others is read, and what is said of one that is not. */
const between = (least, most, of = number) => ({
  read: (text) => (of(text) >= least && of(text) <= most ? of(text) : null),
  isOutside: (text) => Number.isFinite(of(text)),
  limits: { text: "range", least, most },
});

/** Neurons of hidden layers, such as "64-32"; "0" means none. */
function readLayers(text) {
  const found = text === "0" ? [] : sizes(text);
  return found.length <= MOST_LAYERS && found.every((size) => size >= 1 && size <= LARGEST_LAYER) ? found : null;
}

const layers = {
  read: readLayers,
  isOutside: (text) => sizes(text).every(Number.isFinite),
  limits: { text: "layers_range", count: MOST_LAYERS, most: LARGEST_LAYER },
};

/**
 * Of each choice: its name in the address, what it is unless something is said, how it is read (null: nonsense), and where
 * it has limits, what is outside of them.
 */
const FIELDS = {
  hiddenLayers: { name: "layers", usual: [64], ...layers },
  activation: { name: "activation", usual: "sigmoid", read: oneOf("sigmoid", "relu", "gelu") },
  output: { name: "output", usual: "softmax", read: oneOf("softmax", "sigmoid") },
  cost: { name: "cost", usual: "cross-entropy", read: oneOf("cross-entropy", "binary-cross-entropy", "quadratic") },
  outputError: { name: "error", usual: "exact", read: oneOf("exact", "elementwise") },
  initializer: { name: "start", usual: "scaled-normal", read: oneOf("normal", "scaled-normal", "he", "glorot") },
  learningRate: { name: "rate", usual: 0.5, ...between(0.001, 30) },
  batchSize: { name: "batch", usual: 10, ...between(1, 200, whole) },
  l2: { name: "l2", usual: 0, ...between(0, 100) },
  perLetter: { name: "pictures", usual: 48, ...between(1, 48, whole) },
  epochs: { name: "epochs", usual: 12, ...between(1, 500, whole) },
  seed: { name: "seed", usual: 1, ...between(0, 4294967295, whole) },
  source: { name: "letters", usual: "set", read: oneOf("set", "data", "own") },
};

/** What may change while it learns; everything else begins anew. */
export const LIVE = ["learningRate", "l2", "epochs"];

const written = (value) => (Array.isArray(value) ? value.join("-") || "0" : String(value));

/** The network that the page has where nothing is chosen. */
export function usual() {
  return Object.fromEntries(Object.entries(FIELDS).map(([key, field]) => [key, field.usual]));
}

/** Whether this combination can be trained: what goes by one output at a time needs outputs that are. */
function mended(recipe) {
  if (recipe.cost === "cross-entropy" && recipe.output === "sigmoid") {
    return { ...recipe, output: "softmax" };
  }
  const needsError = recipe.cost === "quadratic" && recipe.output === "softmax";
  return needsError ? recipe : { ...recipe, outputError: "exact" };
}

/**
 * A recipe of texts by their names in the address. What is nonsense, or has no meaning, becomes what is usual.
 * @param {Iterable<[string, string]>} pairs
 * @returns {{recipe: object, wrong: string[], outside: object[]}} the recipe, the names of what was not understood, and
 *   name and limits of what was outside of them
 */
export function readRecipe(pairs) {
  const given = new Map(pairs);
  const [recipe, wrong, outside] = [usual(), [], []];
  for (const [key, { name, read, isOutside, limits }] of Object.entries(FIELDS).filter(([, field]) => given.has(field.name))) {
    const value = read(given.get(name));
    recipe[key] = value ?? recipe[key];
    if (value === null && isOutside?.(given.get(name))) {
      outside.push({ name, ...limits });
    } else if (value === null) {
      wrong.push(name);
    }
  }
  const sound = mended(recipe);
  if (sound.output !== recipe.output) {
    wrong.push("output");
  }
  if (sound.outputError !== recipe.outputError) {
    wrong.push("error");
  }
  return { recipe: sound, wrong, outside };
}

/** The part of an address that says how a recipe differs from the usual one. */
export function writeRecipe(recipe) {
  const query = new URLSearchParams();
  for (const [key, { name, usual: value }] of Object.entries(FIELDS)) {
    if (written(recipe[key]) !== written(value)) {
      query.set(name, written(recipe[key]));
    }
  }
  return query.toString();
}

/** A recipe's values as texts by the names of the form's fields, which are those of the address. */
export function textsOf(recipe) {
  return Object.fromEntries(Object.entries(FIELDS).map(([key, { name }]) => [name, written(recipe[key])]));
}
