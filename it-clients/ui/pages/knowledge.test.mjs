// Documents that one asks: a collection is made, filled, searched, asked in a chat, and goes. One page for all of it.

import assert from "node:assert/strict";
import { before } from "node:test";
import { accessible, becomes, open, script, shot, url } from "./browser.mjs";
import { person } from "./person.mjs";
import { steps } from "./steps.mjs";

const page = await open();
const me = person(page);
const step = steps("knowledge", page);

const NOTES = `# Rack notes

## Speed

One card reaches 31.2 tokens a second at 187 watts, with an empty context.

## Cooling

The fans of the rack turn on at 40 degrees and off at 35 degrees.
`;

const drawer = page.locator(".source-panel");
const row = (/** @type {string} */ name) => page.locator(".know-list > li", { hasText: name });
const button = (/** @type {string} */ name) => page.getByRole("button", { name, exact: true });

before(async () => {
  // Which models make vectors is known of those that are loaded.
  const said = await fetch(`${url}/v1/embeddings`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ model: "vectors", input: "x" }) });
  assert.equal(said.status, 200, await said.text());
  await me.arrive();
});

step("an empty page says what to do, and a collection is made", async () => {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Knowledge" }).click();
  await page.getByText("No collections yet").waitFor();
  await accessible(page);
  await button("New collection").first().click();
  await page.locator("#know-name").fill("Rack");
  await page.locator("#know-about").fill("What we measured");
  await button("Save").click();
  await page.locator(".topbar h1", { hasText: "Rack" }).waitFor();
  await page.getByText("embedded by vectors").waitFor();
  await page.getByRole("link", { name: "All collections" }).click();
  await page.locator(".know-list").getByRole("link", { name: /^Rack/ }).click();
  await page.getByText("No documents yet").waitFor();
});

step("documents are sent, read and embedded; one that cannot be says why", async () => {
  await me.give(() => button("Add documents").click(), [
    { name: "rack-notes.md", buffer: Buffer.from(NOTES) },
    { name: "broken.pdf", buffer: Buffer.from("%PDF-1.7\nnothing that is a PDF") },
  ]);
  await row("rack-notes.md").filter({ hasText: /\d+ passages? ·/ }).waitFor();
  await row("broken.pdf").locator(".small.bad", { hasText: /\w/ }).waitFor();
  await page.getByText("1 could not be read").waitFor();
  // As if its counts had been read before the last document was done: it is asked again.
  await page.route(/\/v1\/vector_stores\/[^/]+$/, async (route) => {
    const one = await (await route.fetch()).json();
    await route.fulfill({ json: { ...one, file_counts: { ...one.file_counts, in_progress: 1, failed: 0 } } });
  }, { times: 1 });
  await page.reload();
  await page.getByText("1 could not be read").waitFor();
  await shot(page, "knowledge-collection");
  await accessible(page);
});

step("a search shows passages with their place, and the document there", async () => {
  await page.locator("#know-find").fill("when do the fans turn on");
  const hit = page.locator(".source", { hasText: "40 degrees" }).first();
  await hit.waitFor();
  await hit.getByText("Cooling").first().waitFor();
  await hit.getByRole("button", { name: /rack-notes\.md/ }).click();
  await drawer.locator("mark", { hasText: "40 degrees" }).waitFor();
  await drawer.getByText("31.2 tokens").first().waitFor();
  await accessible(page);
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
});

step("what is deleted comes back, or is gone", async () => {
  await button("Delete broken.pdf").click();
  await row("broken.pdf").waitFor({ state: "detached" });
  await button("Undo").click();
  await row("broken.pdf").waitFor();
  await button("Delete broken.pdf").click();
  await row("broken.pdf").waitFor({ state: "detached" });
  await me.choose(button("More for Rack"), "Rename and describe"); // what was deleted stays so
  await page.locator("#know-name").fill("Rack build");
  await button("Save").click();
  await page.locator(".topbar h1", { hasText: "Rack build" }).waitFor();
  await becomes(async () => {
    await page.reload(); // who leaves has decided, and the server is told while the next page comes
    await row("rack-notes.md").waitFor();
    return row("broken.pdf").count();
  }, 0);
  page.quiet();
});

step("a chat asks a collection, and the answer's numbers show where it is said", async () => {
  await button("Ask in a chat").click();
  await page.locator(".composer-files .chip", { hasText: "Rack build" }).waitFor();
  await me.ask(`When do the fans turn on? ${script(["They turn on at **40 degrees** [1], and [99] is no source."], 20)}`);
  const answer = me.last();
  await me.done(answer);
  const cite = answer.locator(".cite").first();
  await answer.getByText("[99] is no source").waitFor();
  await cite.hover();
  await page.locator(".cite-card", { hasText: "rack-notes.md" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".cite-card").waitFor({ state: "detached" });
  await cite.click();
  await drawer.locator("mark", { hasText: /\w/ }).waitFor();
  await shot(page, "knowledge-source");
  await accessible(page);
  await button("Close the source").click();
  await becomes(() => page.evaluate(() => document.activeElement?.className), "cite");
  await answer.locator(".sources > summary", { hasText: /passages? of 1 document/ }).click();
  await answer.locator(".sources > summary", { hasText: /, \d+ tokens/ }).waitFor();
  await answer.locator(".sources .source", { hasText: "rack-notes.md" }).first().waitFor();
  page.quiet();
});

step("it stays so when the page is loaded anew, and the settings have it, too", async () => {
  await page.reload();
  await me.last().locator(".cite").first().waitFor();
  await me.openSettings();
  await page.locator(".drawer .chip", { hasText: "Rack build" }).waitFor();
  await page.locator(".drawer").getByRole("button", { name: "Leave out Rack build" }).click();
  await page.locator(".composer-files .chip").waitFor({ state: "detached" });
  await page.locator(".composer").getByRole("button", { name: "Knowledge" }).click();
  await page.getByRole("menuitemcheckbox", { name: /^Rack build/ }).click();
  await page.locator(".composer-files .chip", { hasText: "Rack build" }).waitFor();
  await me.closeSettings();
});

step("a collection that is deleted is gone, with what was sent for it", async () => {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Knowledge" }).click();
  await me.choose(button("More for Rack build"), "Delete");
  await page.getByText("No collections yet").waitFor();
  await page.evaluate(() => dispatchEvent(new Event("pagehide"))); // who leaves has decided
  await page.waitForFunction(async () => !(await (await fetch("/v1/files?limit=100")).text()).includes("rack-notes.md"));
  await page.reload();
  await page.getByText("No collections yet").waitFor();
  page.quiet();
});
