/**
 * Keeps one release of the draw page for when there is no network. A classic script: recognizer/web/offline.py puts
 * `RELEASE` before it: {name, pages: {language: {draw, away}}, files, setLanguage}.
 *
 * All files of a release come into a cache of their own at once, or none does, and the one before goes only when no page
 * of it is open. With a network pages come from the server, and with them the names of their files, which carry the
 * hash of their content: so no page ever has files of another release.
 */

const PREFIX = "propis-";
const CACHE = PREFIX + RELEASE.name;
const REMEMBERED = `${PREFIX}remembered`; // the language; outlives releases. static/js/draw/offline.js writes it, too
const LANGUAGE = "/language";
const HASHED = /\.[0-9a-f]{12}\.\w+$|\/[0-9a-f]{64}\.npz$/;
const FILES = new Set(RELEASE.files);
const PAGES = Object.values(RELEASE.pages).flatMap(Object.values);

addEventListener("install", (event) => event.waitUntil(keepRelease()));
addEventListener("activate", (event) => event.waitUntil(forgetOthers()));
addEventListener("fetch", (event) => {
  const answer = answerTo(event.request);
  if (answer) {
    event.respondWith(answer);
  }
});

/** All or nothing. The server refuses pages of a release that is not its own any more. */
async function keepRelease() {
  try {
    const cache = await caches.open(CACHE);
    await cache.addAll([...RELEASE.files, ...PAGES.map((address) => new Request(address, { cache: "no-store" }))]);
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function forgetOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE && name !== REMEMBERED);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** A promise of an answer; null for what is the network's alone. */
function answerTo(request) {
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) {
    return null;
  }
  if (request.mode === "navigate") {
    if (request.method === "GET") {
      return page(request, pathname);
    }
    return pathname === RELEASE.setLanguage ? changedLanguage(request) : null;
  }
  return request.method === "GET" && FILES.has(pathname) ? file(request, pathname) : null;
}

/** A page from the server, or what was kept of it. */
async function page(request, pathname) {
  try {
    return await fetch(request);
  } catch (error) {
    const { draw, away } = RELEASE.pages[await language()];
    return (await kept(pathname === "/" ? draw : away)) ?? Promise.reject(error);
  }
}

/** A file under its content's hash as it was kept; any other one only where there is no network. */
async function file(request, pathname) {
  if (HASHED.test(pathname)) {
    return (await kept(pathname)) ?? fetch(request);
  }
  try {
    return await fetch(request);
  } catch (error) {
    return (await kept(pathname)) ?? Promise.reject(error);
  }
}

async function kept(pathname) {
  const cache = await caches.open(CACHE);
  return cache.match(pathname, { ignoreVary: true }); // what they vary by is in their address
}

/** The language is the server's to change; without it the kept page is shown in that language. */
async function changedLanguage(request) {
  const form = request.clone();
  try {
    return await fetch(request);
  } catch {
    await remember((await form.formData()).get("language"));
    return Response.redirect("/", 303);
  }
}

async function remember(code) {
  if (code in RELEASE.pages) {
    const cache = await caches.open(REMEMBERED).catch(() => null); // storage may be full: then it is the first one
    await cache?.put(LANGUAGE, new Response(code)).catch(() => null);
  }
}

async function language() {
  const cache = await caches.open(REMEMBERED);
  const code = await (await cache.match(LANGUAGE))?.text();
  return code in RELEASE.pages ? code : Object.keys(RELEASE.pages)[0];
}
