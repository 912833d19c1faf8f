/** What is chosen on the page, and its place in the address: a link shows another the same network. */

const LARGEST_LAYER = 256;
const MOST_LAYERS = 3;

const oneOf = (...values) => (text) => (values.includes(text) ? text : null);
const between = (least, most) => (text) => {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return value >= least && value <= most ? value : null;
};
const whole = (least, most) => (text) => (/^\d+$/.test(text) ? between(least, most)(text) : null);

/** Neurons of hidden layers, such as "64-32"; "0" means none. */
function layers(text) {
  const sizes = text === "0" ? [] : text.split("-").map(whole(1, LARGEST_LAYER));
  return sizes.length <= MOST_LAYERS && !sizes.includes(null) ? sizes : null;
}

/** Of each choice: its name in the address, what it is unless something is said, and how it is read (null: nonsense). */
const FIELDS = {
  hiddenLayers: { name: "layers", usual: [64], read: layers },
  activation: { name: "activation", usual: "sigmoid", read: oneOf("sigmoid", "relu", "gelu") },
  output: { name: "output", usual: "softmax", read: oneOf("softmax", "sigmoid") },
  cost: { name: "cost", usual: "cross-entropy", read: oneOf("cross-entropy", "binary-cross-entropy", "quadratic") },
  outputError: { name: "error", usual: "exact", read: oneOf("exact", "elementwise") },
  initializer: { name: "start", usual: "scaled-normal", read: oneOf("normal", "scaled-normal", "he", "glorot") },
  learningRate: { name: "rate", usual: 0.5, read: between(0.001, 30) },
  batchSize: { name: "batch", usual: 10, read: whole(1, 200) },
  l2: { name: "l2", usual: 0, read: between(0, 100) },
  perLetter: { name: "pictures", usual: 48, read: whole(1, 48) },
  epochs: { name: "epochs", usual: 12, read: whole(1, 500) },
  seed: { name: "seed", usual: 1, read: whole(0, 4294967295) },
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
 * @returns {{recipe: object, wrong: string[]}} the recipe, and the names of what was not understood
 */
export function readRecipe(pairs) {
  const given = new Map(pairs);
  const [recipe, wrong] = [usual(), []];
  for (const [key, { name, read }] of Object.entries(FIELDS)) {
    if (given.has(name)) {
      const value = read(given.get(name));
      recipe[key] = value ?? recipe[key];
      wrong.push(...(value === null ? [name] : []));
    }
  }
  const sound = mended(recipe);
  if (sound.output !== recipe.output) {
    wrong.push("output");
  }
  if (sound.outputError !== recipe.outputError) {
    wrong.push("error");
  }
  return { recipe: sound, wrong };
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
