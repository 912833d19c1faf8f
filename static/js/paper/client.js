/** Asks the server to read a page. */

const SHOWN = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp"];

/** Whether every browser can show the file by itself. */
function isShown(file) {
  return SHOWN.includes(file.type);
}

/**
 * The answer of the API for one page of a file.
 * @throws {Error} whose message is a sentence for the reader.
 */
export async function readPage(address, file, number, texts) {
  const body = new FormData();
  body.append("image", file);
  const question = new URLSearchParams({ page: number, preview: !isShown(file) });
  let response;
  try {
    response = await fetch(`${address}?${question}`, { method: "POST", body });
  } catch {
    throw new Error(navigator.onLine ? texts.unreachable : texts.offline);
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok || !answer) {
    throw new Error(answer?.error ?? (response.status === 429 ? texts.too_often : texts.unread));
  }
  return answer;
}
