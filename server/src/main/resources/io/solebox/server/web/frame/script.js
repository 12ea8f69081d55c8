// Runs one program in a worker, as it is told to by the page around, and tells it what came of it. Neither it nor the worker has an
// origin, a storage or a network: the policy that this frame comes with forbids it, and the worker inherits it.
// A classic script: modules of a frame without an origin would have to be asked for across origins.

"use strict";

/** What the worker is: everything it needs stands in it, since it is made of its text. */
function work() {
  const MOST = 100_000;
  /** @type {string[]} */
  const lines = [];
  let length = 0;

  /** @param {unknown} value @returns {string} */
  const shown = (value) => {
    if (typeof value === "string") return value;
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint") return String(value);
    try {
      return JSON.stringify(value, (_, inner) => {
        if (typeof inner === "bigint") return String(inner);
        if (inner instanceof Map) return Object.fromEntries(inner);
        return inner instanceof Set ? [...inner] : inner;
      }) ?? String(value);
    } catch {
      return String(value); // it holds itself
    }
  };

  /** @param {unknown[]} values */
  const print = (...values) => {
    const line = values.map(shown).join(" ");
    if (length > MOST) return;
    length += line.length;
    lines.push(length > MOST ? "[What it printed is cut here.]" : line);
  };
  for (const name of /** @type {const} */ (["log", "info", "warn", "error", "debug"])) console[name] = print;

  /** @param {string} code */
  const run = (code) => {
    try {
      return (0, eval)(code);
    } catch (error) {
      if (!(error instanceof SyntaxError) || !/\bawait\b|\breturn\b/.test(code)) throw error;
      return (0, eval)(`(async () => {${code}\n})()`);
    }
  };

  addEventListener("message", async ({ data }) => {
    try {
      const value = await run(data.code);
      if (value !== undefined) print(value);
      postMessage({ text: lines.join("\n") || "It printed nothing, and its last expression has no value.", failed: false });
    } catch (error) {
      print(error);
      postMessage({ text: lines.join("\n"), failed: true });
    }
  }, { once: true });
}

/** @param {{id: number, code: string, ms: number}} wanted */
function runProgram({ id, code, ms }) {
  const address = URL.createObjectURL(new Blob([`"use strict"; (${work})();`], { type: "text/javascript" }));
  const worker = new Worker(address);
  /** @param {{text: string, failed: boolean}} said */
  const end = (said) => {
    clearTimeout(timer);
    worker.terminate();
    URL.revokeObjectURL(address);
    parent.postMessage({ id, ...said }, "*");
  };
  const timer = setTimeout(() => end({ text: `It ran longer than ${ms / 1000} seconds and was ended.`, failed: true }), ms);
  worker.onmessage = ({ data }) => end({ text: String(data.text), failed: data.failed === true });
  worker.onerror = (event) => end({ text: event.message || "It cannot be run here.", failed: true });
  worker.postMessage({ code });
}

addEventListener("message", (event) => {
  if (event.source === parent) runProgram(event.data);
});

parent.postMessage({ ready: true }, "*");
