/** A model that this page cannot read with: another activation, a damaged file, one that did not come. */
export class NetworkError extends Error {}
