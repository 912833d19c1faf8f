/** The style sheet of markup that comes later than the page. */

/** Put the one that `content` begins with on the page, wait until it holds, and return whether it came. */
export async function applyStyle(content) {
  const link = content.querySelector("link");
  const applied = link.cloneNode();
  const isThere = await new Promise((resolve) => {
    applied.addEventListener("load", () => resolve(true));
    applied.addEventListener("error", () => resolve(false));
    document.head.append(applied);
  });
  (isThere ? link : applied).remove();
  return isThere;
}
