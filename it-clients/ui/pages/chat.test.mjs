// The chat, as a person uses it. One page for many tests: each begins a chat of its own.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { longText } from "../longtext.mjs";
import { accessible, holds, none, open, script, shot, url } from "./browser.mjs";
import { zip } from "../test/zip.mjs";
import { person } from "./person.mjs";

/** @type {Awaited<ReturnType<typeof open>>} */
let page;
/** @type {ReturnType<typeof person>} */
let me;

before(async () => {
  page = await open();
  me = person(page);
  await me.arrive();
});

test("an answer streams as Markdown, and nothing in it runs", async () => {
  const text = "# Title\n\nSome **bold** and `code`, it costs $5 or $6, and $x^2$.\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```js\nconst a = 1;\n```\n\n- one\n- two\n\n<img src=x onerror=\"globalThis.ran = true\"> [bad](javascript:alert(1)) ![far](https://example.org/p.png)";
  await me.begin(script([text]));
  await me.done(me.last());
  const prose = me.last().locator(".prose");
  assert.equal(await prose.locator("h2").textContent(), "Title");
  assert.equal(await prose.locator("strong").textContent(), "bold");
  assert.equal(await prose.locator("table td").count(), 2);
  assert.equal(await prose.locator("li").count(), 2);
  await prose.locator(".katex").waitFor();
  assert.equal(await prose.locator(".formula").count(), 1);
  await prose.locator(".lines .k").waitFor();
  assert.equal(await prose.locator("img, a[href^=javascript]").count(), 0);
  assert.ok((await prose.textContent())?.includes("<img src=x onerror="));
  assert.equal(await page.evaluate(() => Reflect.get(globalThis, "ran")), undefined);
  assert.match(page.url(), /\/c\/chat_/);
  await shot(page, "chat-light");
  await accessible(page);
  page.quiet();
});

test("a text that grows in pieces looks as one that is drawn whole", async () => {
  const texts = [
    longText(4000),
    "1. First:\n   ```sh\n   ls -l\n   cd ..\n   ```\n2. Second\n   - a\n   - b `c`\n\n     more of b\n3. [x] done\n\n- [ ] task\n- [x] other *task*\n",
    "> A quote with **bold\nwords** in it\n>\n> - and a\n> - list\n>\n> ```js\n> let a = 1;\n> ```\n\nTitle\n=====\ntext [link] and [other][o], *half **open\n\n[link]: https://example.org/1\n[o]: https://example.org/2\n",
    "| a | b |\n|---|:-:|\n| `1` | **2** |\n| 3 | $x$ |\n| not | closed\n\n$$\nx = y\n$$\n\n~~~\n```\nline\n\n~~~\n\n<b>as it is</b>\n\n***\nEnd without a line",
    `\`\`\`js\n${"const a = `b`; // and so on\n".repeat(130)}`,
  ];
  const differing = await page.evaluate(async (all) => {
    const files = /** @type {HTMLScriptElement} */ (document.querySelector("script[src*='/ui/']")).src.split("/chat/")[0];
    const { TextView } = await import(`${files}/chat/text/view.js`);
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    /** Without where parts and chunks begin. @param {any} view */
    const shape = (view) => [...view.element.querySelectorAll(":scope > .part > *")].map((block) => block.outerHTML.replaceAll(/<span class="lines">([^]*?)<\/span>(?=<span class="lines">|<\/code>)/g, "$1"));
    const grown = all.flatMap((text) => [1, 7, 40].map((size) => ({ text, size, at: 0, view: new TextView() })));
    document.body.append(...grown.map((one) => one.view.element));
    while (grown.some((one) => one.at < one.text.length)) {
      // A letter at a time only behind what is not: a test has no time for more.
      for (const one of grown) {
        const step = one.size === 1 ? Math.max(1, one.text.length - one.at - 60) : one.size * Math.ceil(one.text.length / 1500);
        one.view.append(one.text.slice(one.at, one.at + step));
        one.at += step;
      }
      await frame();
    }
    grown.forEach((one) => one.view.end());
    const wholes = new Map(all.map((text) => [text, new TextView()]));
    wholes.forEach((view, text) => { view.show(text); document.body.append(view.element); });
    const views = [...grown.map((one) => one.view), ...wholes.values()];
    const undone = () => views.some((view) => view.element.matches(".is-live, :empty")
      || [...view.element.querySelectorAll(".formula")].some((one) => !one.matches(":has(.katex), .formula-source"))
      || [...view.element.querySelectorAll(".code")].some((one) => /^js|^sh|^py/.test(one.textContent ?? "") && [...one.querySelectorAll(".lines")].some((lines) => !lines.firstElementChild)));
    for (const end = performance.now() + 60_000; undone() && performance.now() < end;) await frame();
    const found = grown.flatMap(({ text, size, view }) => {
      const is = shape(view);
      const wanted = shape(wholes.get(text));
      const at = wanted.findIndex((block, place) => block !== is[place]);
      if (at < 0 && is.length === wanted.length) return [];
      const [one, other] = [is[at] ?? "", wanted[at] ?? ""];
      const from = [...one].findIndex((sign, place) => sign !== other[place]);
      return [{ size, is: one.slice(from, from + 200), wanted: other.slice(from, from + 200) }];
    });
    views.forEach((view) => view.element.remove());
    return found;
  }, texts);
  assert.deepEqual(differing, []);
  page.quiet();
});

test("figures: a faint line, and all of them on a click", async () => {
  await me.last().locator("button.figures").click();
  assert.match((await me.last().locator("dl").textContent()) ?? "", /Prompt.*tokens.*Generated/);
  await me.last().locator("button.figures").click();
});

test("a running answer survives a reload, and stops at once", async () => {
  await me.begin(script(["word ".repeat(4000)], 40));
  await me.last().locator(".live", { hasText: "tokens" }).waitFor();
  await page.reload();
  await page.locator(".turn-answer[aria-busy=true] .prose", { hasText: "word word" }).waitFor();
  await page.locator("#ask").press("Escape");
  await page.getByText("Stopped.").waitFor();
  assert.ok((await me.last().locator(".prose").textContent())?.startsWith("word word"));
  page.quiet();
});

test("a changed question is a branch, and another answer, too", async () => {
  await me.begin(script(["first"]));
  await me.done(me.last());
  await me.press(page.locator(".turn-user"), "Edit");
  await page.locator(".editor textarea").fill(script(["second"]));
  await page.getByRole("button", { name: "Send", exact: true }).first().click();
  await me.last().locator(".prose", { hasText: "second" }).waitFor();
  await page.locator(".turn-user .branch", { hasText: /^\s*2 \/ 2\s*$/ }).waitFor();
  await me.press(page.locator(".turn-user"), "Previous branch");
  await me.last().locator(".prose", { hasText: "first" }).waitFor();
  await me.press(me.last(), "Answer again");
  await me.last().locator(".branch", { hasText: "2 / 2" }).waitFor();
  await me.done(me.last());
  await page.reload();
  await me.last().locator(".branch", { hasText: "2 / 2" }).waitFor();
  page.quiet();
});

test("what is deleted comes back", async () => {
  await me.begin(script(["keep me"]));
  await me.done(me.last());
  await me.press(page.locator(".turn-user"), "Delete");
  await page.getByText("2 messages deleted").first().waitFor();
  await none(me.answers());
  await page.getByRole("button", { name: "Undo" }).click();
  await me.last().getByText("keep me").waitFor();
  page.quiet();
});

test("settings that differ are marked, and go with the chat", async () => {
  await page.getByRole("button", { name: "Settings of this chat" }).first().click();
  const dial = page.locator(".setting", { has: page.locator("#temperature") });
  await page.locator("#temperature").fill("0.3");
  await dial.getByRole("button", { name: /Reset/ }).waitFor();
  await page.locator("#system").fill("Answer briefly.");
  await accessible(page);
  await page.reload();
  await page.getByRole("button", { name: "Settings of this chat" }).first().click();
  await holds(page, "#system", "Answer briefly.");
  await dial.getByRole("button", { name: /Reset/ }).click();
  await dial.getByRole("button").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Close settings" }).click();
  page.quiet();
});

test("chats are found, renamed, put away and deleted", async () => {
  await me.begin(script(["a needle in the haystack"]));
  await me.done(me.last());
  await page.locator("#find").fill("needle");
  await page.locator(".hit", { hasText: "needle" }).first().waitFor();
  await page.locator("#find").fill("");
  const line = me.current();
  await line.hover();
  await line.getByRole("button").click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.locator("dialog input").fill("Needles");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator(".topbar h1", { hasText: "Needles" }).waitFor();
  await line.hover();
  await line.getByRole("button").click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByText("Chat deleted").first().waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.locator(".history-line", { hasText: "Needles" }).first().waitFor();
  page.quiet();
});

test("the palette and the list of keys", async () => {
  await page.keyboard.press("Control+k");
  await page.locator(".palette input").fill("keyboard");
  await page.locator(".palette input").press("Enter");
  await page.locator("dialog", { hasText: "Keyboard shortcuts" }).waitFor();
  await accessible(page);
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  page.quiet();
});

test("files go along as text, and what is no text is refused by name", async () => {
  await me.anew();
  const choose = async (/** @type {string} */ name, /** @type {Buffer} */ buffer) => {
    const chosen = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Attach files" }).click();
    await (await chosen).setFiles({ name, mimeType: "", buffer });
  };
  await choose("picture.png", Buffer.from([0x89, 0x50, 0, 0xff]));
  await page.getByText(/picture\.png is not text/).first().waitFor();
  await choose("notes.md", Buffer.from("# Notes\n"));
  await page.locator(".composer-files", { hasText: "notes.md" }).waitFor();
  await me.ask(script(["seen"]));
  await page.locator(".turn-user .chip", { hasText: "notes.md" }).waitFor();
  await me.done(me.last());
  page.quiet();
});

test("an answer goes on from its text, or from another, and branches", async () => {
  await me.begin(script(["one", "two"]));
  await me.done(me.last());
  await me.press(me.last(), "More");
  await page.getByRole("menuitem", { name: "Continue" }).click();
  await me.last().locator(".prose", { hasText: "oneone" }).waitFor();
  await me.done(me.last());
  await me.press(me.last(), "More");
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await page.locator(".editor textarea").fill("Begun: ");
  await page.getByRole("button", { name: "Save and continue" }).click();
  await me.last().locator(".prose", { hasText: "Begun: one" }).waitFor();
  await me.done(me.last());
  await me.press(me.last(), "More");
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await page.locator(".editor textarea").fill("Put in place");
  await page.getByRole("button", { name: "Save in place" }).click();
  await me.last().locator(".prose", { hasText: "Put in place" }).waitFor();
  await me.ask("and then");
  await me.answers().nth(1).locator(".prose", { hasText: "two" }).waitFor();
  await me.done(me.last());
  await me.press(me.answers().first(), "More");
  await page.getByRole("menuitem", { name: "Branch from here" }).click();
  await page.getByText("The next message begins a new branch here.").waitFor();
  await me.ask("or else");
  await page.locator(".turn-user", { hasText: "or else" }).locator(".branch", { hasText: "2 / 2" }).waitFor();
  await me.done(me.last());
  page.quiet();
});

test("reasoning is folded, with how long it took, and texts are copied", async () => {
  await me.begin(script(["<think>mulling it over</think>It is:\n\n```js\nlet a;\n```\n"], 200));
  await me.done(me.last());
  const reasoning = me.last().locator("details.reasoning");
  await reasoning.locator("summary", { hasText: "Reasoned for" }).waitFor();
  assert.equal(await reasoning.getByText("mulling it over").isVisible(), false);
  await reasoning.locator("summary").click();
  await reasoning.getByText("mulling it over").waitFor();
  await me.last().locator(".code").getByRole("button", { name: "Copy" }).click();
  await me.last().locator(".code").getByRole("button", { name: "Copied" }).waitFor();
  await me.press(me.last(), "Copy");
  await page.locator(".toasts", { hasText: "Copied" }).waitFor();
  page.quiet();
});

test("keys", async () => {
  await page.keyboard.press("Control+Shift+O");
  await page.getByText("What should scripted do?").waitFor();
  await page.keyboard.press("Control+.");
  await page.locator(".drawer").waitFor();
  await page.keyboard.press("Control+.");
  await page.locator(".drawer").waitFor({ state: "detached" });
  await page.keyboard.press("Control+Shift+S");
  await page.locator(".app.side-closed").waitFor();
  await page.keyboard.press("Control+Shift+S");
  await page.locator(".app:not(.side-closed)").waitFor();
  await page.locator("#main").focus();
  await page.keyboard.press("/");
  await page.locator("#ask:focus").waitFor();
  await me.ask(script(["said"]));
  await me.done(me.last());
  await page.locator("#ask").focus();
  await page.keyboard.press("ArrowUp");
  await page.locator(".editor textarea").press("Escape");
  await none(page.locator(".editor"));
  await page.locator("#main").focus();
  await page.keyboard.press("?");
  await page.locator("dialog", { hasText: "Keyboard shortcuts" }).waitFor();
  await page.keyboard.press("Escape");
  await none(page.locator("dialog"));
  page.quiet();
});

test("a long paste is a file, as is a Word document, with what they cost", async () => {
  await me.anew();
  await page.locator("#ask").evaluate((field, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, "word ".repeat(1000));
  const files = page.locator(".composer-files");
  await files.locator(".chip", { hasText: /Pasted text[^]*tokens/ }).waitFor();
  const xml = "<w:document><w:body><w:p><w:r><w:t>From Word</w:t></w:r></w:p></w:body></w:document>";
  await me.give(() => page.getByRole("button", { name: "Attach files" }).click(), [
    { name: "letter.docx", buffer: Buffer.from(zip([["word/document.xml", xml, true]])) },
    { name: "table.csv", buffer: Buffer.from("a,b\n1,2\n") },
  ]);
  await files.locator(".chip", { hasText: /table\.csv[^]*tokens/ }).waitFor();
  await files.locator(".chip", { hasText: "Pasted" }).getByRole("button", { name: /^Remove/ }).click();
  const sent = page.waitForRequest((request) => request.url().endsWith("/turns"));
  await me.ask(script(["read"]));
  assert.deepEqual((await sent).postDataJSON().attachments.map((/** @type {any} */ file) => file.text), ["From Word", "a,b\n1,2\n"]);
  await me.done(me.last());
  page.quiet();
});

test("narrow and dark, with the sidebar over the page", async () => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 390, height: 800 });
  await shot(page, "chat-narrow-dark");
  await accessible(page);
  await page.getByRole("button", { name: "Open the sidebar" }).click();
  await page.locator(".side-open .history-line").first().waitFor();
  await shot(page, "chat-side-dark");
  await page.keyboard.press("Escape");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 800 });
  page.quiet();
});
