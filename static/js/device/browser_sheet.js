/** What this browser tells of the machine that it runs on; the server knows the same names. */

const OTHER = "other";
const ENGINES = [
  ["Chromium", /Chrom(?:e|ium)\/([\d.]+)/],
  ["Firefox", /Firefox\/([\d.]+)/],
  ["Safari", /Version\/([\d.]+).*Safari/],
  ["Safari", /AppleWebKit\/([\d.]+)/], // every browser of an iPhone
];
const PLATFORMS = [
  ["Android", /Android/],
  ["iOS", /iPhone|iPad|iPod/],
  ["macOS", /mac/i],
  ["Windows", /Win/],
  ["ChromeOS", /CrOS|Chrom(?:e|ium) ?OS/],
  ["Linux", /Linux|X11/],
];
/** A module whose one function has a vector: whoever finds it valid has SIMD. */
const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];

/** The sheet; `about` is a navigator. */
export function browserSheet(about = navigator) {
  const { engine, engine_version } = engineOf(about.userAgent);
  return {
    engine,
    engine_version,
    os_family: platformOf(about),
    cores: about.hardwareConcurrency ?? null,
    touch_points: about.maxTouchPoints ?? 0,
    ram_gb: about.deviceMemory ?? null,
    simd: hasSimd(),
  };
}

function engineOf(agent) {
  for (const [engine, pattern] of ENGINES) {
    const found = agent.match(pattern);
    if (found) {
      return { engine, engine_version: found[1].split(".").slice(0, 4).join(".").replace(/\.$/, "") };
    }
  }
  return { engine: OTHER, engine_version: "" };
}

function platformOf({ userAgent, userAgentData, maxTouchPoints = 0 }) {
  const told = userAgentData?.platform || userAgent;
  const name = PLATFORMS.find(([, pattern]) => pattern.test(told))?.[0] ?? OTHER;
  return name === "macOS" && maxTouchPoints > 1 ? "iOS" : name; // an iPad says that it is a Mac; no Mac is touched
}

function hasSimd() {
  return typeof WebAssembly === "object" && WebAssembly.validate(Uint8Array.from(SIMD));
}
