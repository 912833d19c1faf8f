/** What every page has: the switch between light and dark. */

const YEAR = 365 * 24 * 3600;
const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");

/** The theme on the screen now: "light" or "dark". */
function currentTheme() {
  return document.documentElement.dataset.theme ?? (systemIsDark.matches ? "dark" : "light");
}

/** Remember the choice in a cookie, so that the server draws the next page right; forget it if it is the system's. */
function chooseTheme(theme) {
  const system = systemIsDark.matches ? "dark" : "light";
  if (theme === system) {
    delete document.documentElement.dataset.theme;
    document.cookie = "theme=; path=/; max-age=0; samesite=lax";
  } else {
    document.documentElement.dataset.theme = theme;
    document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax`;
  }
  announceTheme();
}

/** Canvases cannot follow CSS by themselves: tell them. */
function announceTheme() {
  document.dispatchEvent(new CustomEvent("themechange"));
}

systemIsDark.addEventListener("change", announceTheme);
for (const button of document.querySelectorAll("[data-theme-switch]")) {
  button.hidden = false;
  button.addEventListener("click", () => chooseTheme(currentTheme() === "dark" ? "light" : "dark"));
}
