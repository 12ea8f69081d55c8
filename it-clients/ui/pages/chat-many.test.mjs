// The history of somebody with many chats, in two tabs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, url, watch } from "./browser.mjs";

const MANY = 150;

test("a second tab follows, and of many chats few are drawn and not all are loaded", async () => {
  const page = await open();
  await page.goto(url);
  const other = watch(await page.context().newPage());
  await other.goto(url);
  await other.locator("#ask").waitFor();
  await page.evaluate(async (many) => {
    const one = (/** @type {number} */ n) => fetch("/chats", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ title: `Many ${n}` }) });
    for (let n = 0; n < many; n += 5) await Promise.all([0, 1, 2, 3, 4].map((more) => one(n + more)));
  }, MANY);
  await other.locator(".history-line", { hasText: "Many 149" }).waitFor();
  await other.reload();
  const list = other.locator(".history");
  await other.locator(".history-line", { hasText: "Many 149" }).waitFor();
  const rows = () => other.locator(".history-row").count();
  const height = () => list.evaluate((element) => element.scrollHeight);
  assert.ok(await rows() < 90);
  assert.ok(await height() < MANY * 32);
  // What lies further down comes as one goes there.
  await list.evaluate((element) => { element.scrollTop = element.scrollHeight; });
  await other.waitForFunction((least) => Number(document.querySelector(".history")?.scrollHeight) > least, MANY * 32);
  assert.ok(await rows() < 90);
  other.quiet();
  page.quiet();
});
