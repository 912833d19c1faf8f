/** Pictures come from a file, the clipboard, or are dropped on the sheet. */

const LARGEST_SIDE = 2000; // pixels; a phone's photograph is made smaller before it travels

/** The first picture among files; any file if none says that it is one: the server explains what is wrong with it. */
function firstPicture(files) {
  const all = [...files];
  return all.find((file) => file.type.startsWith("image/")) ?? all[0];
}

/** The picture as it is shown, or null where the browser cannot decode it. */
async function decode(file) {
  try {
    return await createImageBitmap(file);
  } catch {
    return null;
  }
}

/** The file itself, or a smaller copy of a large picture. */
async function small(file, bitmap) {
  const largest = bitmap ? Math.max(bitmap.width, bitmap.height) : 0;
  if (largest <= LARGEST_SIDE) {
    return file;
  }
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round((bitmap.width * LARGEST_SIDE) / largest));
  canvas.height = Math.max(1, Math.round((bitmap.height * LARGEST_SIDE) / largest));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  return blob ? new File([blob], "picture.png", { type: "image/png" }) : file;
}

/** Put pictures on the sheet from every place where they may come from. */
export function acceptPictures({ input, place, sheet }) {
  const open = async (files) => {
    const file = firstPicture(files);
    if (file) {
      const bitmap = await decode(file);
      sheet.open(await small(file, bitmap), bitmap);
    }
  };
  const openChosen = () => {
    open(input.files);
    input.value = ""; // so that the same file can be opened again
  };
  input.addEventListener("change", openChosen);
  openChosen(); // on a slow line a person may choose before this script listens
  document.addEventListener("paste", (event) => open(event.clipboardData.files));
  place.addEventListener("dragover", (event) => {
    event.preventDefault();
    place.classList.add("sheet-target");
  });
  place.addEventListener("dragleave", () => place.classList.remove("sheet-target"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("sheet-target");
    open(event.dataTransfer.files);
  });
}
