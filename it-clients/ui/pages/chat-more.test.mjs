// What the chat has beside answers: comparing, probabilities, prompts, personas, folders. One page for many tests.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { accessible, open, script, shot, url } from "./browser.mjs";

/** @type {Awaited<ReturnType<typeof open>>} */
let page;
const answers = () => page.locator(".turn-answer");
const last = () => answers().last();

before(async () => {
  page = await open();
  await page.goto(url);
  await page.locator(".model-button").click();
  await page.getByRole("menuitemradio", { name: /^scripted/ }).click();
});

/** Asks in a chat that begins with it. @param {string} text */
async function begin(text) {
  await page.getByRole("link", { name: "New chat" }).first().click();
  await page.getByText("What should scripted do?").waitFor();
  await ask(text);
}

/** @param {string} text */
async function ask(text) {
  await page.locator("#ask").fill(text);
  await page.keyboard.press("Enter");
}

/** @param {import("playwright-core").Locator} answer */
const done = (answer) => answer.and(page.locator("[aria-busy=false]")).waitFor({ timeout: 30_000 }); // the first one loads the model

/** The open chat in the history. */
const current = () => page.locator(".history-line", { has: page.locator("[aria-current=page]") });

/** A button that is seen when one points at its turn. @param {import("playwright-core").Locator} turn @param {string} name */
async function press(turn, name) {
  await turn.hover();
  await turn.getByRole("button", { name, exact: true }).first().click();
}

test("two models beside each other, and one answer kept", async () => {
  await page.goto(`${url}/compare`);
  await page.locator("#ask-both").fill(script(["both say **this**"]));
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Keep this answer" }).nth(1).waitFor();
  await page.locator(".compare-body strong").nth(1).waitFor();
  await shot(page, "compare-light");
  await accessible(page);
  await page.getByRole("button", { name: "Keep this answer" }).first().click();
  await page.waitForURL(/\/c\//);
  await last().locator("strong", { hasText: "this" }).waitFor();
  page.quiet();
});

test("how sure each token was, and going on from another", async () => {
  await page.getByRole("button", { name: "Settings of this chat" }).first().click();
  await page.locator("#logprobs").check();
  await ask(script(["surely, and more of it"], 20));
  await done(last());
  await press(last(), "Show how sure each token was");
  const chance = last().locator(".chance").first();
  await chance.click();
  assert.ok(await page.getByRole("menuitem").count() > 0);
  await page.keyboard.press("Escape");
  await page.locator("#logprobs").uncheck();
  await page.getByRole("button", { name: "Close settings" }).click();
  page.quiet();
});

test("a prompt with a place, and a persona", async () => {
  await page.keyboard.press("Control+k");
  await page.locator(".palette input").fill("prompt library");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "New prompt" }).click();
  await page.locator("#prompt-name").fill("Greeting");
  await page.locator("#prompt-text").fill("Greet {{whom}} kindly.");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: /^Greeting/ }).first().click();
  await page.locator("#place-0").fill("Anna");
  await page.getByRole("button", { name: "Use it" }).click();
  assert.equal(await page.locator("#ask").inputValue(), "Greet Anna kindly.");
  await page.locator("#ask").fill("");
  await page.getByRole("button", { name: "Settings of this chat" }).first().click();
  await page.locator("#system").fill("You are brief.");
  await page.locator(".drawer .btn-left").click();
  await page.getByRole("menuitem", { name: /Keep these settings/ }).click();
  await page.locator("dialog input").fill("Brief");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator(".drawer .btn-left", { hasText: "Brief" }).waitFor();
  await page.getByRole("button", { name: "Close settings" }).click();
  page.quiet();
});

test("folders, several at once, and a chat that leaves no trace", async () => {
  for (const text of ["one", "two", "three"]) {
    await begin(script([text]));
    await done(last());
  }
  const line = current();
  await line.hover();
  await line.getByRole("button").click();
  await page.getByRole("menuitem", { name: "Put into a folder" }).click();
  await page.locator("dialog input").fill("Work");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator(".history button", { hasText: "Work" }).click();
  await page.locator(".history-inside").first().waitFor();
  await page.getByRole("button", { name: "More for all chats" }).click();
  await page.getByRole("menuitem", { name: "Choose several" }).click();
  const boxes = page.locator(".history input[type=checkbox]");
  await boxes.nth(1).check();
  await boxes.nth(2).check();
  await page.locator(".bulk").getByRole("button", { name: "Delete" }).click();
  await page.getByText("2 chats deleted").first().waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: "More for all chats" }).click();
  await page.getByRole("menuitem", { name: "Temporary chat" }).click();
  await ask(script(["gone soon"]));
  await done(last());
  assert.equal(await current().count(), 0);
  page.quiet();
});

/** A PDF of one page with one line of text. */
function pdf() {
  const stream = "BT /F1 24 Tf 72 700 Td (Hello from a page) Tj ET";
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
    `<</Length ${stream.length}>>stream\n${stream}\nendstream`, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
  ];
  let text = "%PDF-1.4\n";
  const places = objects.map((object, at) => {
    const place = text.length;
    text += `${at + 1} 0 obj${object}endobj\n`;
    return place;
  });
  const table = text.length;
  text += `xref\n0 6\n0000000000 65535 f \n${places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("")}`;
  return Buffer.from(`${text}trailer<</Size 6/Root 1 0 R>>startxref\n${table}\n%%EOF`);
}

test("a PDF goes along as its text, and a diagram is drawn apart", async () => {
  await begin(script(["```mermaid\ngraph TD; A-->B\n```\n"]));
  await done(last());
  const frame = page.locator("iframe.diagram");
  await frame.waitFor();
  await page.waitForFunction(() => Number(document.querySelector("iframe.diagram")?.getAttribute("height")) > 40);
  const chosen = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Attach files" }).click();
  await (await chosen).setFiles({ name: "page.pdf", mimeType: "application/pdf", buffer: pdf() });
  await page.locator(".composer-files", { hasText: "page.pdf" }).waitFor();
  const sent = page.waitForRequest((request) => request.url().endsWith("/turns"));
  await ask(script(["read"]));
  assert.match((await sent).postDataJSON().attachments[0].text, /Hello from a page/);
  await done(last());
  page.quiet();
});

test("an answer by a JSON schema is shown as JSON", async () => {
  await page.getByRole("link", { name: "New chat" }).first().click();
  await page.getByRole("button", { name: "Settings of this chat" }).first().click();
  const schema = page.locator(".drawer details", { hasText: "Answer as JSON" });
  await schema.locator("summary").click();
  await schema.locator("textarea").fill("{ not JSON");
  await schema.locator("textarea").blur();
  await schema.getByText(/This is not JSON/).waitFor();
  await schema.locator("textarea").fill(JSON.stringify({ type: "object", properties: { a: { type: "integer" } }, required: ["a"], additionalProperties: false }));
  await schema.locator("textarea").blur();
  await page.getByRole("button", { name: "Close settings" }).click();
  await ask(script(['{"a": 1}']));
  await done(last());
  assert.equal(await last().locator(".code code").textContent(), '{\n  "a": 1\n}');
  page.quiet();
});
