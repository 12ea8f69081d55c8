// The history of somebody with many chats, in two tabs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, open, url, watch } from "./browser.mjs";

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

test("a chat is taken out, taken in and shared", async () => {
  const page = await open();
  await page.goto(url);
  const chosen = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "More for all chats" }).click();
  await page.getByRole("menuitem", { name: "Import chats" }).click();
  const message = (/** @type {string} */ role, /** @type {string} */ text) => ({ author: { role }, content: { content_type: "text", parts: [text] }, create_time: 1 });
  const export_ = [{ title: "From elsewhere", create_time: 1, current_node: "b", mapping: {
    a: { id: "a", parent: null, children: ["b"], message: message("user", "A question") },
    b: { id: "b", parent: "a", children: [], message: message("assistant", "An **answer**") } } }];
  await (await chosen).setFiles({ name: "conversations.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(export_)) });
  await page.getByText("1 chat imported").first().waitFor();
  await page.locator("#find").fill("From elsewhere");
  await page.locator(".hit", { hasText: "From elsewhere" }).first().click();
  await page.locator(".turn-answer strong", { hasText: "answer" }).waitFor();
  await page.locator("#find").fill("");
  const menu = page.locator(".topbar").getByRole("button", { name: /^More for/ });
  await menu.click();
  const saved = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Markdown" }).click();
  assert.equal((await saved).suggestedFilename(), "From elsewhere.md");
  await menu.click();
  await page.getByRole("menuitem", { name: "Share on this box" }).click();
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.getByRole("textbox", { name: "Link" }).inputValue();
  await page.goto(link);
  await page.locator(".turn-answer strong", { hasText: "answer" }).waitFor();
  assert.equal(await page.locator("#ask").count(), 0);
  await accessible(page);
  page.quiet();
});
