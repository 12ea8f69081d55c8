// A browser for the tests of pages. Each page is watched: what it says on the console, what its content policy
// refuses, and what it throws, fails the test that opened it.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { after } from "node:test";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { launch } from "../launch.mjs";

/** A server without accounts, and one with accounts that nobody has yet. */
export const url = process.env.SOLEBOX_URL ?? "http://127.0.0.1:8080";
export const accountsUrl = process.env.SOLEBOX_ACCOUNTS_URL ?? "http://127.0.0.1:8081";
export const setUpCode = process.env.SOLEBOX_CODE ?? "";

/** How long something is waited for: no test measures how fast a machine is, and some are slow and busy. */
const PATIENCE_MS = 45_000;
/** How often something is read again that tells nobody when it changes. */
const AGAIN_MS = 20;

const axe = readFileSync(fileURLToPath(import.meta.resolve("axe-core")), "utf8");

const browser = await launch();
after(() => browser.close());

/**
 * A page with storage and cookies of its own.
 *
 * @param {import("playwright-core").BrowserContextOptions & {expects?: RegExp[]}} options of the browser's context;
 *     `expects`: what may be said on the console, as of requests that the test has refused
 */
export async function open(options = {}) {
  const { expects = [], ...rest } = options;
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    reducedMotion: "reduce",
    ...rest,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return watch(await context.newPage(), expects);
}

/**
 * Watches a page that was opened otherwise, as a second tab.
 *
 * @param {import("playwright-core").Page} page
 * @param {RegExp[]} expects
 */
export function watch(page, expects = []) {
  /** @type {string[]} */
  const said = [];
  const say = (/** @type {string} */ words) => {
    if (!expects.some((each) => each.test(words))) said.push(words);
  };
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) say(`${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => say(String(error.stack ?? error)));
  return Object.assign(page, {
    /** That nothing went wrong so far. To be called at the end of each test. */
    quiet() {
      assert.deepEqual(said, []);
    },
  });
}

/** A script for the model `scripted`: its turns from the message on that holds it. `pace`: tokens a second. */
export const script = (/** @type {string[]} */ turns, /** @type {number=} */ pace) =>
  `[script:${Buffer.from(JSON.stringify(turns)).toString("base64")}]${pace ? `[pace:${pace}]` : ""}`;

/** That a page can be used by everybody, as far as a program can see that (WCAG 2.2 AA, by axe). */
export async function accessible(/** @type {import("playwright-core").Page} */ page, { except = [] } = {}) {
  // Into a world of its own, where the content policy of the page does not count.
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const { executionContextId } = await session.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
  const options = {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    rules: Object.fromEntries(except.map((rule) => [rule, { enabled: false }])),
  };
  const run = await session.send("Runtime.evaluate", {
    contextId: executionContextId,
    expression: `${axe}; axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
      violations.map(({ id, help, nodes }) => id + ": " + help + " " + nodes.map((node) => node.html).join(" | ")))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  assert.deepEqual(run.result.value, [], JSON.stringify(run.exceptionDetails ?? ""));
}

/** Waits until a field says something: pages draw a moment after what they hear. @param {import("playwright-core").Page} page @param {string} field @param {string} wanted */
export const holds = (page, field, wanted) =>
  page.waitForFunction(([at, value]) => /** @type {HTMLInputElement | null} */ (document.querySelector(at))?.value === value, /** @type {const} */ ([field, wanted]));

/**
 * Waits until what is read is equal to something.
 * @param {() => unknown} read
 * @param {unknown} wanted
 */
export async function becomes(read, wanted) {
  for (const end = Date.now() + PATIENCE_MS; ;) {
    const is = await read();
    if (isDeepStrictEqual(is, wanted)) return;
    if (Date.now() > end) assert.deepEqual(is, wanted);
    await setTimeout(AGAIN_MS);
  }
}

/** Waits until there is none of something. @param {import("playwright-core").Locator} of */
export const none = (of) => of.first().waitFor({ state: "detached" });

/** Keeps a picture of what is seen, among what the build throws away, or where SOLEBOX_SHOTS says. */
export async function shot(/** @type {import("playwright-core").Page} */ page, /** @type {string} */ name) {
  const folder = process.env.SOLEBOX_SHOTS ?? fileURLToPath(new URL("../../target/shots", import.meta.url));
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png` });
}
