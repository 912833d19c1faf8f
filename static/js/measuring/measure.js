/**
 * Timing a network on a fixed workload, as training/devices/measurement/measuring.py does it. Browsers' clocks are
 * coarse, so that whole passes are timed; and their compilers work while code runs, so that a whole pass warms up.
 */

const CLOCK_STEPS = 20;
const MOST_LOOKS = 1e6;

/**
 * @param {{read: (first: number, count: number, letters: Uint8Array) => void}} kernel
 * @param {{labels: Uint8Array, count: number}} images that the kernel has
 * @param {{images: number, batch_size: number, repeats: number}} workload
 * @param {(done: number) => void} onRepeat called after each repeat
 * @returns {Promise<{seconds: number[], correct: number, images_scored: number, clock_seconds: number}>}
 */
export async function measure(kernel, images, workload, onRepeat) {
  const batches = batchesOf(workload.images, workload.batch_size, images.count);
  const letters = new Uint8Array(workload.batch_size);
  pass(kernel, batches, letters);
  const seconds = [];
  while (seconds.length < workload.repeats) {
    seconds.push(pass(kernel, batches, letters));
    onRepeat(seconds.length);
    await new Promise((resolve) => setTimeout(resolve)); // the message goes out between two passes, never within one
  }
  const correct = score(kernel, images, workload.batch_size);
  return { seconds, correct, images_scored: images.count, clock_seconds: clockStep() };
}

/** Seconds of one pass. */
function pass(kernel, batches, letters) {
  const began = performance.now();
  for (const [first, count] of batches) {
    kernel.read(first, count, letters);
  }
  return (performance.now() - began) / 1000;
}

/** How many images are read right, each once, by the code that was timed. */
export function score(kernel, { labels, count }, size) {
  const letters = new Uint8Array(size);
  let correct = 0;
  for (const [first, many] of batchesOf(count, size, count)) {
    kernel.read(first, many, letters);
    for (let place = 0; place < many; place += 1) {
      correct += Number(letters[place] === labels[first + place]);
    }
  }
  return correct;
}

/** Batches [first, count] of the pool that add up to this many images, none across its end. */
export function batchesOf(images, size, pool) {
  const batches = [];
  for (let first = 0, left = images; left > 0; ) {
    const count = Math.min(size, left, pool - first);
    batches.push([first, count]);
    first = (first + count) % pool;
    left -= count;
  }
  return batches;
}

/** The smallest step of the clock that is seen, in seconds. */
function clockStep() {
  let smallest = Infinity;
  let before = performance.now();
  for (let steps = 0, looks = 0; steps < CLOCK_STEPS && looks < MOST_LOOKS; looks += 1) {
    const now = performance.now();
    if (now > before) {
      smallest = Math.min(smallest, now - before);
      before = now;
      steps += 1;
    }
  }
  return Number.isFinite(smallest) ? smallest / 1000 : 0;
}
