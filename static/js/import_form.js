/** The form of an import in the admin: a name is proposed by the chosen file, until somebody types one. */

const ENDINGS = /(\.(zip|tar|tgz|gz|bz2|xz|npz|npy|csv))+$/i;
const file = document.querySelector('[name="archive"]');
const name = document.querySelector('[name="name"]');
let proposed = "";

/** The file's name without its endings and without signs that no data set's name has. */
function nameOf(fileName) {
  return fileName.replace(ENDINGS, "").replace(/[^\p{L}\p{N}_ .()-]+/gu, " ").trim().slice(0, 90);
}

file?.addEventListener("change", () => {
  if (file.files.length && name.value === proposed) {
    proposed = nameOf(file.files[0].name);
    name.value = proposed;
  }
});
