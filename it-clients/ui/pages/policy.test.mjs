// The content policy lets nothing run that is not ours, and all that is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, url } from "./browser.mjs";

test("scripts in the page, and markup out of text, are refused", async () => {
  const page = await open({ expects: [/Content Security Policy/, /TrustedHTML/] });
  await page.goto(`${url}/setup`);
  const outcome = await page.evaluate(() => {
    const script = document.createElement("script");
    script.append("globalThis.ran = true");
    document.body.append(script);
    try {
      document.body.insertAdjacentHTML("beforeend", "<b>markup</b>");
      return "markup";
    } catch (error) {
      return `${/** @type {Error} */ (error).name} ${Reflect.get(globalThis, "ran")}`;
    }
  });
  assert.equal(outcome, "TypeError undefined");
});

test("a diagram is drawn in a frame apart", async () => {
  const page = await open();
  await page.goto(`${url}/setup`);
  const answer = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const frame = document.createElement("iframe");
        frame.setAttribute("sandbox", "allow-scripts");
        frame.src = "/frame/diagram";
        addEventListener("message", ({ data, source, origin }) => {
          if (source !== frame.contentWindow) return;
          if (data.ready) {
            frame.contentWindow?.postMessage({ id: 7, text: "graph TD; A-->B", dark: false, font: "sans-serif" }, "*");
          } else {
            resolve({ ...data, origin });
          }
        });
        document.body.append(frame);
      }),
  );
  assert.equal(answer.origin, "null");
  assert.equal(answer.id, 7);
  assert.ok(answer.width > 20 && answer.height > 20, JSON.stringify(answer));
  page.quiet();
});

/** What a program that a model has written comes to. @param {import("playwright-core").Page} page @param {string} code @param {number} [ms] */
const programs = (page, code, ms = 10_000) =>
  page.evaluate(
    ([text, most]) =>
      new Promise((resolve) => {
        const frame = document.createElement("iframe");
        frame.setAttribute("sandbox", "allow-scripts");
        frame.src = "/frame/script";
        addEventListener("message", ({ data, source, origin }) => {
          if (source !== frame.contentWindow) return;
          if (data.ready) frame.contentWindow?.postMessage({ id: 3, code: text, ms: most }, "*");
          else resolve({ ...data, origin });
        });
        document.body.append(frame);
      }),
    /** @type {const} */ ([code, ms]),
  );

test("a program of a model runs in a worker that reaches nothing", async () => {
  const page = await open();
  await page.goto(`${url}/setup`);
  const said = async (/** @type {string} */ code, /** @type {number} */ ms = 10_000) => programs(page, code, ms);
  assert.deepEqual(await said("console.log('a', [1, 2n], new Map([['k', new Set([1])]])); 6 * 7"), {
    id: 3, origin: "null", failed: false, text: 'a [1,"2"] {"k":[1]}\n42',
  });
  assert.deepEqual((await said("const x = await Promise.resolve(5); return x + 1;")).text, "6");
  assert.deepEqual(await said("nothing.here"), { id: 3, origin: "null", failed: true, text: "ReferenceError: nothing is not defined" });
  assert.deepEqual(await said("for (;;) {}", 300), { id: 3, origin: "null", failed: true, text: "It ran longer than 0.3 seconds and was ended." });
  const reach = await said(`const tried = {
      fetch: () => fetch("${url}/version"),
      socket: () => new Promise((done, fail) => { const s = new WebSocket("${url}".replace("http", "ws")); s.onopen = done; s.onerror = () => fail("refused"); }),
      script: () => importScripts("${url}/version?secret"),
      import: () => import("${url}/version"),
      storage: () => new Promise((done, fail) => { const r = indexedDB.open("x"); r.onsuccess = done; r.onerror = () => fail("refused"); }),
      caches: () => caches.open("x"),
      worker: () => new Promise((done, fail) => { const w = new Worker("${url}/version"); w.onerror = () => fail("refused"); w.onmessage = done; }),
      beacon: () => navigator.sendBeacon("${url}/version"),
      page: () => parent.document,
    };
    const reached = [];
    for (const [name, attempt] of Object.entries(tried)) {
      try { await attempt(); reached.push(name); } catch { /* as it should be */ }
    }
    return reached;`);
  assert.deepEqual(reach, { id: 3, origin: "null", failed: false, text: "[]" });
  await page.close(); // what its policy has refused is on its console, and should be
});
