/** The network of a model file, which is believed only if its bytes are those that the page was told of. */

import { NetworkError } from "./errors.js";
import { networkOf } from "./model_file.js";
import { sha256 } from "./sha256.js";

/**
 * Fetch a model's file; its address is its content's, so browsers keep it. A page that is one file has its bytes.
 * @param {{file: string, sha256: string, bytes: ?Uint8Array}} model
 * @returns {Promise<{network: import("./network.js").Network | import("./whole_network.js").WholeNetwork, card: object}>}
 * @throws {NetworkError} It did not come, is another file, or is one that this page cannot read with.
 */
export async function loadNetwork(model) {
  const bytes = model.bytes ?? (await verified(model, "default")) ?? (await verified(model, "reload")); // what was kept may be damaged
  if (!bytes) {
    throw new NetworkError("The model file is not the one that the page was told of.");
  }
  return networkOf(bytes);
}

/** The file's bytes, or null where they have another hash. */
async function verified({ file, sha256: expected }, cache) {
  const response = await fetch(file, { cache });
  if (!response.ok) {
    throw new NetworkError(`The model file did not come: ${response.status}.`);
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  return (await sha256(bytes)) === expected ? bytes : null;
}
