/** The layout for the left hand: what the hand would cover is on the other side. Remembered in a cookie, as the theme is. */

const YEAR = 365 * 24 * 3600;

/** Offer the switch; the server has drawn the page as it was chosen, unless it is one that was kept. */
export function offerHands(page) {
  const button = page.querySelector("[data-hand-switch]");
  const show = (isLeft) => {
    page.dataset.hand = isLeft ? "left" : "right";
    button.setAttribute("aria-pressed", String(isLeft));
  };
  button.addEventListener("click", () => {
    const isLeft = page.dataset.hand !== "left";
    document.cookie = isLeft ? `hand=left; path=/; max-age=${YEAR}; samesite=lax` : "hand=; path=/; max-age=0; samesite=lax";
    show(isLeft);
  });
  show(/(^|; )hand=left(;|$)/.test(document.cookie));
  button.hidden = false;
}
