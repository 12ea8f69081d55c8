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
