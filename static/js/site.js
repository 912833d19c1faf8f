/** What every page has: the switch between light and dark, the menu where the browser does not open it, wide tables, terms. */

import { explainTerms } from "./terms.js";

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

/** Browsers older than popovers: the button opens and closes the menu, and so does Escape. */
function openByScript(button) {
  const menu = document.getElementById(button.getAttribute("popovertarget"));
  const show = (isOpen) => {
    menu.toggleAttribute("data-open", isOpen);
    button.setAttribute("aria-expanded", isOpen);
  };
  show(false);
  button.addEventListener("click", () => show(!menu.hasAttribute("data-open")));
  document.addEventListener("keydown", ({ key }) => key === "Escape" && show(false));
  document.addEventListener("click", ({ target }) => menu.contains(target) || button.contains(target) || show(false));
}

if (!("popover" in HTMLElement.prototype)) {
  document.querySelectorAll("[popovertarget]").forEach(openByScript);
}

/** A table that is wider than its place can be scrolled from the keyboard. */
function followWidth(place) {
  if (place.scrollWidth > place.clientWidth) {
    place.tabIndex = 0;
  } else {
    place.removeAttribute("tabindex");
  }
}

const widths = new ResizeObserver((entries) => entries.forEach(({ target }) => followWidth(target)));

/** Look after the tables of a part of the page, now and when htmx has brought it. */
function watchTables(part) {
  for (const table of part.querySelectorAll(".table-scroll")) {
    followWidth(table); // before anything is painted
    widths.observe(table);
  }
}

watchTables(document);
document.addEventListener("htmx:load", (event) => watchTables(event.detail.elt));

explainTerms();
