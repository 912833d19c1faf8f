/** The drawing outlives its page: it is there again after a switch of the language, after Back and after a reload. */

const LETTER = "propis-drawing"; // of this tab alone, as long as it is open

/** Keep what is on the sheet under a key, and bring back what was there. */
export function remember(sheet, key = LETTER) {
  restore(sheet, key).catch(() => forget(key)); // what is stored is no drawing
  sheet.addEventListener("change", () => keep(sheet, key));
}

async function restore(sheet, key) {
  const { strokes, picture } = stored(key);
  if (isDrawing(strokes)) {
    sheet.restore(strokes);
  } else if (typeof picture === "string") {
    const file = fileOf(picture);
    const bitmap = await createImageBitmap(file).catch(() => null);
    if (sheet.isEmpty) {
      sheet.open(file, bitmap); // unless the person was faster
    }
  }
}

async function keep(sheet, key) {
  const { strokes, picture } = sheet;
  const content = { strokes, picture: picture && (await addressOf(picture.file)) };
  if (sheet.picture !== picture) {
    return; // another change came meanwhile
  }
  try {
    sessionStorage.setItem(key, JSON.stringify(content));
  } catch {
    forget(key); // storage is off, or the picture is too large for it: rather nothing than the drawing before
  }
}

function forget(key) {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Storage is off: there is nothing to forget.
  }
}

function stored(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? {};
  } catch {
    return {}; // storage is off or holds something else
  }
}

/** Are these strokes of points [x, y, t], perhaps with a pressure? The storage may hold anything. */
function isDrawing(strokes) {
  const isPoint = (point) => Array.isArray(point) && point.length >= 3 && point.every(Number.isFinite);
  const isStroke = (stroke) => Array.isArray(stroke) && stroke.length > 0 && stroke.every(isPoint);
  return Array.isArray(strokes) && strokes.length > 0 && strokes.every(isStroke);
}

/** A file as a `data:` address. */
function addressOf(file) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.addEventListener("loadend", () => resolve(reader.result));
    reader.readAsDataURL(file);
  });
}

/** The file of a `data:` address; it is not fetched, which the content security policy forbids. */
function fileOf(address) {
  const [head, content] = address.split(",");
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
  return new File([bytes], "picture", { type: head.slice("data:".length).split(";")[0] });
}
