// What the chat has beside answers: comparing, probabilities, prompts, personas, folders. One page for many tests.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { accessible, becomes, holds, none, open, script, shot, url } from "./browser.mjs";
import { person } from "./person.mjs";

/** @type {Awaited<ReturnType<typeof open>>} */
let page;
/** @type {ReturnType<typeof person>} */
let me;

/** Lets go one step of what `[hold:WORD]` holds. @param {string} word */
const go = (word) => fetch(`${url}/v1/chat/completions`, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ model: "scripted", messages: [{ role: "user", content: `[go:${word}]` }] }),
});

before(async () => {
  page = await open({ expects: [/400 .*\/turns$/] }); // a prompt that does not fit is sent
  me = person(page);
  await me.arrive();
});

test("two models beside each other, and one answer kept", async () => {
  await page.goto(`${url}/compare`);
  await page.getByRole("button", { name: "Change" }).nth(1).click(); // another that is loaded may make no answers
  await page.getByRole("menuitemradio", { name: /^scripted/ }).click();
  await page.locator("#ask-both").fill(script(["both say **this**", "and **that**"]));
  await page.locator("#ask-both").press("Enter");
  await page.getByRole("button", { name: "Keep this answer" }).nth(1).waitFor({ timeout: 90_000 }); // the first one loads the model
  await page.locator(".compare-body strong").nth(1).waitFor();
  await shot(page, "compare-light");
  await accessible(page);
  // The same with two settings.
  await page.getByRole("button", { name: "Change" }).nth(1).click();
  await page.getByRole("menuitemradio", { name: "1.3" }).click();
  await page.locator(".compare-head", { hasText: "Temperature 1.3" }).waitFor();
  await page.locator("#ask-both").fill("again");
  await page.locator("#ask-both").press("Enter");
  await page.locator(".compare-body strong", { hasText: "that" }).nth(1).waitFor();
  await page.getByRole("button", { name: "Keep this answer" }).first().click();
  await page.waitForURL(/\/c\//);
  await me.answers().first().locator("strong", { hasText: "this" }).waitFor();
  await me.last().locator("strong", { hasText: "that" }).waitFor();
  page.quiet();
});

test("who waits sees the place in the queue, and then how far the prompt is; and the model makes a title", async () => {
  await me.begin(`[hold:sea]${script(["The sea at night"])}`);
  await me.last().locator(".live", { hasText: "place 2 in the queue" }).waitFor();
  await go("sea");
  await me.last().locator(".live", { hasText: "Reading the prompt" }).waitFor();
  await me.last().locator(".bar").waitFor();
  await go("sea");
  await me.done(me.last());
  for (let step = 0; step < 2; step++) await go("sea"); // what makes the title is held as well
  await me.current().filter({ hasText: "The sea at night" }).waitFor();
  page.quiet();
});

test("how sure each token was, and going on from another", async () => {
  await me.anew();
  await me.openSettings();
  await page.locator("#logprobs").check();
  await me.ask(script(["surely, and more of it"], 20));
  await me.done(me.last());
  await me.press(me.last(), "Show how sure each token was");
  const chance = me.last().locator(".chance").first();
  await chance.click();
  const other = page.getByRole("menuitem").first();
  const token = JSON.parse(await other.locator(".cut").innerText());
  await other.click();
  await me.last().locator(".prose", { hasText: `${token}surely, and more of it` }).waitFor();
  await me.done(me.last());
  await page.locator("#logprobs").uncheck();
  await page.getByRole("button", { name: "Close settings" }).click();
  page.quiet();
});

test("a prompt with a place, and a persona", async () => {
  await page.keyboard.press("Control+k");
  await page.locator(".palette input").fill("prompt library");
  await page.locator(".palette input").press("Enter");
  await page.getByRole("button", { name: "New prompt" }).click();
  await page.locator("#prompt-name").fill("Greeting");
  await page.locator("#prompt-text").fill("Greet {{whom}} kindly.");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: /^Greeting/ }).first().click();
  await page.locator("#place-0").fill("Anna");
  await page.getByRole("button", { name: "Use it" }).click();
  await holds(page, "#ask", "Greet Anna kindly.");
  await page.locator("#ask").fill("");
  await page.getByRole("button", { name: "Settings of this chat" }).first().click();
  await page.locator("#system").fill("You are brief.");
  await page.locator(".drawer .btn-left").click();
  await page.getByRole("menuitem", { name: /Keep these settings/ }).click();
  await page.locator("dialog input").fill("Brief");
  await page.getByRole("button", { name: "Save" }).click();
  const chooser = page.locator(".drawer .btn-left");
  await page.locator(".drawer .btn-left", { hasText: "Brief" }).waitFor();
  await me.give(() => page.getByRole("button", { name: "Add documents" }).click(), [{ name: "rules.md", buffer: Buffer.from("Never say never.") }]);
  await page.locator(".drawer .chip", { hasText: /rules\.md[^]*tokens/ }).waitFor();
  await page.locator("#main").focus();
  await me.anew();
  await chooser.click();
  await page.getByRole("menuitemradio", { name: "Brief" }).click();
  await holds(page, "#system", "You are brief.");
  await page.locator(".context", { hasText: /^\s*[1-9]/ }).waitFor();
  await me.ask(script(["Surely."]));
  await me.done(me.last());
  await page.locator(".drawer .chip").getByRole("button", { name: "Remove rules.md" }).click();
  await page.locator(".drawer .chip").waitFor({ state: "detached" });
  await page.locator(".drawer h3", { hasText: "This chat in all" }).waitFor();
  await accessible(page);
  await chooser.click();
  await page.getByRole("menuitem", { name: "Delete Brief" }).click();
  await page.getByText("Brief deleted").first().waitFor();
  await page.getByRole("button", { name: "Close settings" }).click();
  page.quiet();
});

test("a chat with less context says before it is sent what does not fit", async () => {
  await me.anew();
  await me.openSettings();
  const length = page.locator("#context_tokens");
  await length.and(page.getByPlaceholder("262,144")).waitFor();
  await length.fill("60");
  await length.blur();
  await page.locator(".is-changed", { has: length }).waitFor();
  await page.locator("#ask").fill("a longer text ".repeat(40));
  await page.locator(".composer-over", { hasText: "the context holds 60" }).waitFor();
  await page.locator("#ask").press("Enter");
  await page.getByRole("alert").filter({ hasText: "'context_tokens' is 60" }).waitFor();
  await length.fill("");
  await length.blur();
  await page.locator(".composer-over").waitFor({ state: "detached" });
  await me.closeSettings();
  await page.locator("#ask").fill("");
  page.quiet();
});

test("models tell what they are, what to expect, and who would leave for them", async () => {
  await me.anew();
  await page.locator(".model-button").click();
  const guide = page.getByRole("menuitemradio", { name: /^guide/ });
  await guide.filter({ hasText: /MiB · (about )?[\d.,]+ tokens\/s/ }).waitFor();
  await page.keyboard.press("Escape");
  await page.route("**/chats/prospects", (route) => route.fulfill({ json: { models: [
    { id: "scripted", fits: true, leaving: [], leaving_unseen: 0 },
    { id: "guide", answers: true, fits: true, leaving: ["scripted"], leaving_unseen: 1, tokens_per_second: 123.4, measured: false, needed_bytes: 1 << 30 },
  ] } }));
  await page.route("**/v1/models", async (route) => {
    const said = await (await route.fetch()).json();
    for (const model of said.data) if (model.id === "guide") model.solebox.state = "unloaded";
    await route.fulfill({ json: said });
  });
  await page.locator(".model-button").click();
  await guide.filter({ hasText: "about 120 tokens/s" }).filter({ hasText: "Unloads scripted, a model of others first" }).waitFor();
  await accessible(page, { except: ["region"] }); // a menu stands beside the page
  await shot(page, "chat-models");
  await page.keyboard.press("Escape");
  await page.unrouteAll({ behavior: "wait" });
  page.quiet();
});

test("what somebody prefers is noted with their account, and followed", async () => {
  /** @type {any[]} */
  const noted = [];
  await page.route("**/preferences", (route) => {
    noted.push(route.request().postDataJSON());
    return route.fulfill({ json: { keeps: true } });
  });
  await page.keyboard.press("Control+Shift+L");
  await page.locator("html[data-theme=dark]").waitFor();
  await me.openSettings();
  await page.locator("#temperature").fill("0.3");
  await page.getByRole("button", { name: "Use for new chats" }).click();
  await me.closeSettings();
  await me.anew();
  await me.openSettings();
  await holds(page, "#temperature", "0.3");
  await page.locator(".setting", { has: page.locator("#temperature") }).getByRole("button", { name: /Reset/ }).click();
  await page.getByRole("button", { name: "Use for new chats" }).click();
  await me.closeSettings();
  await page.keyboard.press("Control+Shift+L");
  await becomes(() => noted, [{ theme: "dark" }, { defaults: { temperature: 0.3 } }, { defaults: {} }, { theme: "light" }]);
  await page.unrouteAll({ behavior: "wait" });
  const elsewhere = await open();
  await elsewhere.route("**/preferences", (route) => route.fulfill({ json: { keeps: true, theme: "dark", language: "de", defaults: { temperature: 0.3 } } }));
  await elsewhere.goto(url);
  await elsewhere.locator("html[data-theme=dark][lang=de]").waitFor();
  await elsewhere.getByRole("link", { name: "Neuer Chat" }).first().waitFor();
  await elsewhere.keyboard.press("Control+.");
  await holds(elsewhere, "#temperature", "0.3");
  elsewhere.quiet();
  page.quiet();
});

test("folders, several at once, and a chat that leaves no trace", async () => {
  for (const text of ["Put first", "Put second", "Put third"]) {
    await me.begin(script([text]));
    await me.done(me.last());
  }
  const line = me.current();
  await line.hover();
  await line.getByRole("button").click();
  await page.getByRole("menuitem", { name: "Put into a folder" }).click();
  await page.locator("dialog input").fill("Work");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator(".history button", { hasText: "Work" }).click();
  await page.locator(".history-inside").first().waitFor();
  await page.getByRole("button", { name: "More for all chats" }).click();
  await page.getByRole("menuitem", { name: "Choose several" }).click();
  for (const title of ["Put first", "Put second"]) await page.getByRole("checkbox", { name: title }).check(); // others come meanwhile
  await page.locator(".bulk").getByRole("button", { name: "Delete" }).click();
  await page.getByText("2 chats deleted").first().waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: "More for all chats" }).click();
  await page.getByRole("menuitem", { name: "Temporary chat" }).click();
  await me.ask(script(["gone soon"]));
  await me.done(me.last());
  await none(me.current());
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
  await me.begin(script(["```mermaid\ngraph TD; A-->B\n```\n"]));
  await me.done(me.last());
  const frame = page.locator("iframe.diagram");
  await frame.waitFor();
  await page.waitForFunction(() => Number(document.querySelector("iframe.diagram")?.getAttribute("height")) > 40);
  const chosen = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Attach files" }).click();
  await (await chosen).setFiles({ name: "page.pdf", mimeType: "application/pdf", buffer: pdf() });
  await page.locator(".composer-files", { hasText: "page.pdf" }).waitFor();
  const sent = page.waitForRequest((request) => request.url().endsWith("/turns"));
  await me.ask(script(["read"]));
  assert.match((await sent).postDataJSON().attachments[0].text, /Hello from a page/);
  await me.done(me.last());
  page.quiet();
});

test("an answer by a JSON schema is shown as JSON", async () => {
  await me.anew();
  await me.openSettings();
  const schema = page.locator(".drawer details", { hasText: "Answer as JSON" });
  await schema.locator("summary").click();
  await schema.locator("textarea").fill("{ not JSON");
  await schema.locator("textarea").blur();
  await schema.getByText(/This is not JSON/).waitFor();
  await schema.locator("textarea").fill(JSON.stringify({ type: "object", properties: { a: { type: "integer" } }, required: ["a"], additionalProperties: false }));
  await schema.locator("textarea").blur();
  await page.getByRole("button", { name: "Close settings" }).click();
  await me.ask(script(['{"a": 1}']));
  await me.done(me.last());
  await becomes(() => me.last().locator(".code code").textContent(), '{\n  "a": 1\n}');
  page.quiet();
});

test("a tool is allowed, chosen, asked about, and not asked about any more", async () => {
  await page.goto(`${url}/desk#tools`);
  const allowed = page.waitForResponse((response) => response.url().endsWith("/admin/tools/calculator"));
  await page.getByLabel("Allow calculator").check();
  assert.equal((await allowed).status(), 200);
  await accessible(page);
  await shot(page, "desk-tools");
  await page.goto(url);
  await page.getByRole("button", { name: "Tools", exact: true }).click();
  await page.getByLabel("calculator").check();
  await accessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Tools: 1" }).waitFor();
  const call = (/** @type {string} */ expression) => `Let me see.\n<tool_call>\n{"name": "calculator", "arguments": {"expression": "${expression}"}}\n</tool_call>`;
  await me.ask(script([call("0.1 + 0.2"), call("3 * 4"), "Twelve, and **0.3**.", call("5!"), "Done."]));
  const card = me.last().locator(".call").first();
  await card.getByText("May this be done?").waitFor();
  await shot(page, "chat-tool-asked");
  await accessible(page);
  await page.reload(); // it waits, whoever looks
  await card.getByRole("button", { name: "Once" }).click();
  const second = me.last().locator(".call").nth(1);
  await second.getByRole("button", { name: "In this chat" }).click();
  await me.last().locator(".prose strong", { hasText: "0.3" }).waitFor();
  await becomes(() => me.last().locator(".call .nowrap").allTextContents(), ["done", "done"]);
  await card.locator("summary").click();
  await card.locator("pre", { hasText: "0.3" }).waitFor();
  await shot(page, "chat-tool-done");
  await me.ask("and now");
  await me.last().getByText("Done.").waitFor();
  await page.getByRole("button", { name: "Tools: 1" }).click();
  await page.getByRole("dialog").getByText("in this chat").waitFor();
  await page.getByRole("button", { name: "Ask again about calculator" }).click();
  await page.getByRole("dialog").getByText("in this chat").waitFor({ state: "detached" });
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  page.quiet();
});

test("a program of the model runs in the page once it is approved, and its end is told", async () => {
  await page.goto(`${url}/desk#tools`);
  const allowed = page.waitForResponse((response) => response.url().endsWith("/admin/tools/javascript"));
  await page.getByLabel("Allow javascript").check();
  assert.equal((await allowed).status(), 200);
  await page.goto(url);
  await page.getByRole("button", { name: "Tools", exact: true }).click();
  await page.getByLabel("javascript").check();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  const call = (/** @type {string} */ code) => `<tool_call>\n${JSON.stringify({ name: "javascript", arguments: { code } })}\n</tool_call>`;
  await me.ask(script([call("const n = 40; console.log('sum'); n + 2"), call("throw new RangeError('too far')"), "It is **42**."]));
  await me.last().locator(".call").first().getByRole("button", { name: "In this chat" }).click();
  await me.last().locator(".prose strong", { hasText: "42" }).waitFor();
  await becomes(() => me.last().locator(".call .nowrap").allTextContents(), ["done", "failed"]);
  const results = me.last().locator(".call-body pre:nth-of-type(2)");
  await becomes(() => results.allTextContents(), ["sum\n42", "RangeError: too far"]);
  await none(page.locator("iframe"));
  page.quiet();
});

test("tasks are done one after another, and go on behind the budget", async () => {
  await me.begin(script(["First.", "Second.", "Third."]));
  await me.done(me.last());
  await me.inChatMenu("Tasks");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Tasks, one a line").fill("the second thing\n\nthe third thing");
  await accessible(page);
  await dialog.getByLabel("Budget in tokens").fill("1");
  await dialog.getByRole("button", { name: "Start" }).click();
  await dialog.getByText("The budget is used up.").waitFor();
  await dialog.getByLabel("Budget in tokens").fill("100000");
  await dialog.getByRole("button", { name: "Go on" }).click();
  await dialog.getByText("2 of 2 done").first().waitFor();
  await shot(page, "chat-tasks");
  await accessible(page);
  await dialog.getByRole("button", { name: "Close" }).click();
  await me.last().getByText("Third.").waitFor();
  await becomes(() => me.answers().count(), 3);
  page.quiet();
});
