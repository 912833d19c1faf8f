/** The page that deletes drawings: the code that this browser holds stands in its field. */

import { Consent } from "./draw/consent.js";

const field = document.querySelector("#code");
if (field && !field.value) {
  field.value = new Consent().code;
}
