// The history of somebody with many chats, in two tabs.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { accessible, none, open, script, url, watch } from "./browser.mjs";
import { person } from "./person.mjs";

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
  // An answer that runs in one tab is seen in the other, and ends in both.
  const me = person(page);
  await me.arrive();
  await me.begin(script(["word ".repeat(4000)], 40));
  await me.last().locator(".live", { hasText: "tokens" }).waitFor();
  await other.goto(page.url());
  const there = other.locator(".turn-answer");
  await there.locator(".prose", { hasText: "word word" }).waitFor();
  await other.locator("#ask").press("Escape");
  await there.getByText("Stopped.").waitFor();
  await me.last().getByText("Stopped.").waitFor();
  other.quiet();
  page.quiet();
});

test("tags, pins and the archive, alone and several at once", async () => {
  const page = await open();
  const me = person(page);
  await page.goto(url);
  await page.locator("#ask").waitFor();
  await page.evaluate(async () => {
    for (const title of ["Sorted 1", "Sorted 2", "Sorted 3"]) {
      await fetch("/chats", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ title }) });
    }
  });
  const line = (/** @type {string} */ title) => page.locator(".history-line", { hasText: title });
  await line("Sorted 3").click();
  await page.locator(".topbar h1", { hasText: "Sorted 3" }).waitFor();
  await me.inChatMenu("Tags");
  await me.say("red, blue");
  await page.locator(".topbar .badge", { hasText: "red" }).waitFor();
  await me.inChatMenu("Pin");
  await page.locator(".history-head", { hasText: "Pinned" }).waitFor();
  await page.getByRole("button", { name: "More for all chats" }).click();
  await page.getByRole("menuitemradio", { name: /^red/ }).click();
  await line("Sorted 2").waitFor({ state: "detached" });
  await line("Sorted 3").waitFor();
  await page.getByRole("button", { name: "Show all" }).click();
  await me.inChatMenu("Unpin");
  await page.locator(".history-head", { hasText: "Pinned" }).waitFor({ state: "detached" });
  await me.inSideMenu("Choose several");
  for (const title of ["Sorted 1", "Sorted 2"]) await page.getByRole("checkbox", { name: title }).check();
  await page.locator(".bulk").getByRole("button", { name: "Put into a folder" }).click();
  await me.say("Together");
  await page.locator(".history button", { hasText: "Together" }).filter({ hasText: "2" }).click();
  await page.locator(".history-inside").nth(1).waitFor();
  await me.inSideMenu("Choose several");
  for (const title of ["Sorted 1", "Sorted 2"]) await page.getByRole("checkbox", { name: title }).check();
  await page.locator(".bulk").getByRole("button", { name: "Archive" }).click();
  await line("Sorted 1").waitFor({ state: "detached" });
  await me.inSideMenu("Archived chats");
  await line("Sorted 2").waitFor();
  await line("Sorted 1").click();
  await page.locator(".topbar h1", { hasText: "Sorted 1" }).waitFor();
  await me.inChatMenu("Take out of the archive");
  await line("Sorted 1").waitFor({ state: "detached" });
  await me.inSideMenu("Current chats");
  await page.locator(".history button", { hasText: "Together" }).click();
  await line("Sorted 1").waitFor();
  page.quiet();
});

test("a chat is taken out, taken in and shared", async () => {
  const page = await open({ expects: [/404 .*\/shared\//] }); // no longer shared
  const me = person(page);
  await page.goto(url);
  const message = (/** @type {string} */ role, /** @type {string} */ text) => ({ author: { role }, content: { content_type: "text", parts: [text] }, create_time: 1 });
  const export_ = [{ title: "From elsewhere", create_time: 1, current_node: "b", mapping: {
    a: { id: "a", parent: null, children: ["b"], message: message("user", "A question") },
    b: { id: "b", parent: "a", children: [], message: message("assistant", "An **answer**") } } }];
  await me.give(() => me.inSideMenu("Import chats"), [{ name: "conversations.json", buffer: Buffer.from(JSON.stringify(export_)) }]);
  await page.getByText("1 chat imported").first().waitFor();
  await page.locator("#find").fill("From elsewhere");
  await page.locator(".hit", { hasText: "From elsewhere" }).first().click();
  await page.locator(".turn-answer strong", { hasText: "answer" }).waitFor();
  await page.locator("#find").fill("");
  /** @param {string} format */
  const save = async (format) => {
    const saved = page.waitForEvent("download");
    await me.inChatMenu(format);
    const file = await saved;
    return { name: file.suggestedFilename(), buffer: readFileSync(await file.path()) };
  };
  const markdown = await save("Markdown");
  assert.equal(markdown.name, "From elsewhere.md");
  assert.match(markdown.buffer.toString(), /An \*\*answer\*\*/);
  const page_ = await save("HTML");
  assert.match(page_.buffer.toString(), /A question/);
  const own = await save("JSON");
  const imported = page.waitForResponse((response) => response.url().endsWith("/chats/import"));
  await me.give(() => me.inSideMenu("Import chats"), [own]);
  assert.equal((await imported).status(), 200);
  const openWebUi = [{ title: "From a web UI", chat: { history: { currentId: "b", messages: {
    a: { id: "a", parentId: null, role: "user", content: "Who?" }, b: { id: "b", parentId: "a", role: "assistant", content: "Me." } } } } }];
  await me.give(() => me.inSideMenu("Import chats"), [{ name: "export.json", buffer: Buffer.from(JSON.stringify([...openWebUi, { title: "Broken" }])) }]);
  await page.locator("dialog", { hasText: "1 chat came in, 1 could not" }).filter({ hasText: "Broken" }).waitFor();
  await page.keyboard.press("Escape");
  const all = page.waitForEvent("download");
  await me.inSideMenu("Export all chats");
  const whole = JSON.parse(readFileSync(await (await all).path()).toString());
  assert.equal(whole.chats.filter((/** @type {any} */ chat) => chat.title === "From elsewhere").length, 2);
  await me.inChatMenu("Share on this box");
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.getByRole("textbox", { name: "Link" }).inputValue();
  await page.goto(link);
  await page.locator(".turn-answer strong", { hasText: "answer" }).waitFor();
  await none(page.locator("#ask"));
  await accessible(page);
  await page.goBack();
  await me.inChatMenu("Share on this box");
  await page.getByRole("button", { name: "End sharing" }).click();
  await page.getByText("Nobody else can read it any more").first().waitFor();
  await page.goto(link);
  await page.locator(".notice", { hasText: "not here" }).waitFor();
  page.quiet();
});
