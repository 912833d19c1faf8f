/** The keys that change a sheet, on every layout of a keyboard. */

/** The Latin letter of a key: what is written on it or, where the layout is Cyrillic, what stands in its place. */
function latin({ key, code }) {
  return /^[a-z]$/i.test(key) ? key.toLowerCase() : code.replace(/^Key/, "").toLowerCase();
}

/** What a key pressed asks for: "undo", "redo", "clear", "erase" (the pen or the eraser), or null. */
export function editOf(event) {
  if (event.altKey) {
    return null;
  }
  if (event.ctrlKey || event.metaKey) {
    const letter = latin(event);
    return letter === "z" ? (event.shiftKey ? "redo" : "undo") : letter === "y" && !event.shiftKey ? "redo" : null;
  }
  if (event.key === "Escape" || event.key === "Delete") {
    return "clear";
  }
  return latin(event) === "e" ? "erase" : null;
}
