/** What this browser remembers of donating: whether its user agreed, and the code that deletes the drawings. */

const KEY = "propis-giving"; // an older name: browsers have it stored under this
const NOTHING = { agreed: false, licence: "", code: "" };

/** Under which the text that is agreed to has drawings published; who agreed to an earlier text is asked again. */
export const LICENCE = "CC0-1.0";

export class Consent {
  #state = NOTHING;

  constructor() {
    try {
      this.#state = { ...NOTHING, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
    } catch {
      this.#state = NOTHING; // storage is off or holds something else: ask again
    }
  }

  get agreed() {
    return this.#state.agreed === true && this.#state.licence === LICENCE;
  }

  get code() {
    return typeof this.#state.code === "string" ? this.#state.code : "";
  }

  agree() {
    this.#change({ agreed: true, licence: LICENCE });
  }

  /** Donate nothing more; the code is kept, since it is needed to delete what was donated. */
  revoke() {
    this.#change({ agreed: false, licence: "" });
  }

  remember(code) {
    this.#change({ code });
  }

  #change(part) {
    this.#state = { ...this.#state, ...part };
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#state));
    } catch {
      // Storage is off: it holds until the page is left.
    }
  }
}
