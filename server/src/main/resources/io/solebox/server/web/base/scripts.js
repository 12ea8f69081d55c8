// Classic scripts and workers of libraries: only files of this server's version may be named.

const root = new URL("../", import.meta.url);

/** @param {string} path below the folder of all pages' files, as in `lib/highlightjs/highlight.min.js` */
function own(path) {
  const url = new URL(path, root).href;
  if (!url.startsWith(root.href)) throw new TypeError(`${path} is no file of these pages`);
  return url;
}

const types = /** @type {any} */ (globalThis).trustedTypes;
const policy = types?.createPolicy("solebox", { createScriptURL: own }) ?? { createScriptURL: own };

/** @type {Map<string, Promise<void>>} */
const loaded = new Map();

/**
 * Runs a classic script once.
 * @param {string} path
 * @returns {Promise<void>}
 */
export function runScript(path) {
  let loading = loaded.get(path);
  if (!loading) {
    loading = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = policy.createScriptURL(path);
      script.onload = () => resolve();
      script.onerror = () => reject(new Error(`${path} did not come`));
      document.head.append(script);
    });
    loaded.set(path, loading);
  }
  return loading;
}

/**
 * Puts styles on the page that only a part of it needs.
 * @param {string} path
 * @returns {Promise<void>} once they hold
 */
export function fetchStyle(path) {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.onload = () => resolve();
    link.onerror = () => reject(new Error(`${path} did not come`));
    link.href = own(path);
    document.head.append(link);
  });
}

/** @param {string} path @returns {Worker} of one file, which loads nothing */
export function startWorker(path) {
  return new Worker(policy.createScriptURL(path), { type: "module" });
}

/** @param {string} path @returns {string} the address of a file of these pages */
export const fileAddress = own;
