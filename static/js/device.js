/** The page that makes this browser a device: one tap, then it measures what the invitation asks for. */

import { browserSheet } from "./device/browser_sheet.js";
import { Measuring } from "./device/measuring.js";
import { DeviceMemory } from "./device/memory.js";
import { RefusedError, Site } from "./device/site.js";
import { DeviceView } from "./device/view.js";

const AT_ONCE = "#measure"; // of an address: whoever comes by it has tapped already

const page = document.getElementById("device");
const { apiUrl, workerUrl, kernelUrl, code } = page.dataset;
const memory = new DeviceMemory();
const view = new DeviceView(page, JSON.parse(document.getElementById("device-texts").textContent));
const site = new Site(apiUrl, (isAway) => view.away(isAway));
const measuring = new Measuring(site, memory, view, { worker: workerUrl, kernel: kernelUrl });

/** Enter, and measure all that there is. */
async function begin() {
  view.begin();
  const release = await keepAwake();
  try {
    const { token, name, url } = await site.post("enter", { code, key: memory.key, sheet: browserSheet() });
    memory.token = token;
    site.identify(token);
    view.name(name, url);
    view.end(await measuring.run());
  } catch (error) {
    view.refused(error instanceof RefusedError ? error.message : "");
    if (!(error instanceof RefusedError)) {
      throw error;
    }
  } finally {
    release();
  }
}

/** Keep the screen on, where the browser lets a page: a phone that falls asleep measures nothing. */
async function keepAwake() {
  try {
    const lock = await navigator.wakeLock.request("screen");
    return () => lock.release();
  } catch {
    return () => {};
  }
}

/** Hand in what was left when the page was closed. */
async function handIn() {
  if (memory.result && memory.token) {
    site.identify(memory.token);
    try {
      await measuring.deliver();
    } catch {
      // Its token holds no more: a tap gets another one.
    }
  }
}

const start = page.querySelector("[data-part=start]"); // none where the invitation is over
if (start) {
  start.addEventListener("click", begin);
  start.disabled = false; // only now would a tap be heard
}
document.addEventListener("htmx:beforeRequest", (event) => measuring.isTiming && event.preventDefault());
await handIn();
page.dataset.ready = "";
if (start && location.hash === AT_ONCE) {
  history.replaceState(null, "", location.pathname);
  await begin();
}
