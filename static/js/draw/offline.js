/** The page without a network: kept for it by the service worker, and saying that it is without one. */

/**
 * Keep the page, where the browser can: over https, or on the machine that runs Propis; with storage that is neither full
 * nor forbidden. Where it cannot, nothing is lost but this.
 */
export async function keepPage(address) {
  if (!navigator.serviceWorker) {
    return;
  }
  try {
    await navigator.serviceWorker.register(address);
    const cache = await caches.open("propis-remembered"); // the service worker reads there in which language to answer
    await cache.put("/language", new Response(document.documentElement.lang));
  } catch {
    // The page works as before, with a network.
  }
}

/** Show a note while there is no network. */
export function noteAbsence(note) {
  const isKept = "kept" in note.dataset; // this page came from the service worker: the server was not there
  const show = () => {
    note.hidden = navigator.onLine && !isKept;
  };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}
