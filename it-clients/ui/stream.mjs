// How the page keeps up with a long answer, and with chats that are long: the longest tasks of its main thread, as Chromium's trace has
// them, on the clock and of the processor. By hand:
//     bench/web/run stream.mjs [TOKENS [TOKENS_PER_SECOND]]
// or with SOLEBOX_URL against a server that has the model `scripted`. DETAILS=N says what the N longest tasks were.
// On a machine that others use, what counts is the processor's time.

import { launch } from "./launch.mjs";
import { longText } from "./longtext.mjs";
import { sayTasks, watchTasks } from "./tasks.mjs";

const url = process.env.SOLEBOX_URL ?? "http://127.0.0.1:8080";
const tokens = Number(process.argv[2] ?? 20_000);
const pace = Number(process.argv[3] ?? 200);
const details = Number(process.env.DETAILS ?? 0);
/** What a token of the model has of such a text. */
const CHARS = 2.9;

const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
page.on("pageerror", (error) => console.log(`page: ${error.stack ?? error}`));

/** @param {string} name @param {() => Promise<void>} work */
async function measure(name, work) {
  const tasks = await watchTasks(browser);
  await work();
  sayTasks(name, await tasks(), { details });
}

/** All that was put off is done: code is coloured, formulas are drawn, nothing waits. */
async function settled() {
  let before = -1;
  for (;;) {
    const now = await page.evaluate(() => document.querySelectorAll("*").length);
    if (now === before) return;
    before = now;
    await page.waitForTimeout(1500);
  }
}

/** @param {unknown} body @param {string} path */
const post = async (path, body) => (await fetch(url + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })).json();

await page.goto(url);
await page.locator(".model-button").click();
await page.getByRole("menuitemradio", { name: /^scripted/ }).click();
const text = longText(Math.round(tokens * CHARS));
await page.locator("#ask").fill(`[script:${Buffer.from(JSON.stringify([text])).toString("base64")}][pace:${pace}]`);
await page.keyboard.press("Enter");
await page.locator(".turn-answer[aria-busy=true]").waitFor();
await page.locator(".turn-answer .prose p").first().waitFor(); // the message itself is long
let began = Date.now();
await measure("streamed", async () => {
  await page.locator(".turn-answer[aria-busy=false]").waitFor({ timeout: 1_200_000 });
  began = Date.now() - began;
  await settled();
});
console.log(`  ${await page.locator("button.figures").last().innerText()}; ${(began / 1000).toFixed(1)} s; ${await page.evaluate(() => document.querySelectorAll("*").length)} elements`);

/** A chat that somebody had. @param {string} title @param {string[]} texts a question and an answer in turns */
async function had(title, texts) {
  const chat = await post("/chats", { title });
  /** @type {string | null} */
  let parent = null;
  for (const [at, words] of texts.entries()) {
    const said = await post(`/chats/${chat.id}/messages`, { parent, role: at % 2 ? "assistant" : "user", text: words });
    parent = said.id;
  }
  return `/c/${chat.id}`;
}

const long = await had("Long", ["A question", text]);
await page.goto(url);
await page.locator(".history-row").first().waitFor();
await measure("such a chat opened", async () => {
  await page.locator(`a[href="${long}"]`).first().click();
  await page.locator(".turn-answer .prose .part").last().waitFor();
  await settled();
});
await measure("its page loaded", async () => {
  await page.reload();
  await page.locator(".turn-answer .prose .part").last().waitFor();
  await settled();
});

const many = await had("Four hundred", Array.from({ length: 400 }, (_, at) => {
  const from = text.indexOf("\n\n", (at * 997) % (text.length - 3000)) + 2;
  return at % 2 ? text.slice(from, from + 1500 + ((at * 31) % 1200)) : `Question ${at}`;
}));
await page.goto(url);
await page.locator(".history-row").first().waitFor();
await measure("a chat of 400 messages opened", async () => {
  await page.locator(`a[href="${many}"]`).first().click();
  await page.locator(".turn-answer .prose .part").last().waitFor();
  await settled();
});
await measure("scrolled to its beginning", async () => {
  await page.mouse.move(640, 300);
  for (let at = 0; at < 400; at++) {
    await page.mouse.wheel(0, -500);
    await page.waitForTimeout(16);
  }
  await settled();
});
await browser.close();
