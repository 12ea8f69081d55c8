// How a long answer streams: the longest tasks of the page while it does, as the browser tells them. By hand:
//     SOLEBOX_URL=http://127.0.0.1:8080 node stream.mjs [TOKENS [TOKENS_PER_SECOND]]
// against a server with the model `scripted` (UiServer of the clients' tests), on a machine that does nothing else.

import { launch } from "./launch.mjs";

const url = process.env.SOLEBOX_URL ?? "http://127.0.0.1:8080";
const tokens = Number(process.argv[2] ?? 20_000);
const pace = Number(process.argv[3] ?? 200);

const PART = `## A heading

Some **words** with \`code\`, a [link](https://example.org) and $x^2 + y^2$, as answers have them, and then some more of them to fill a line or two.

| name | value |
|---|--:|
| one | 1 |
| two | 2 |

- first, with words
- second, with **more** words

\`\`\`js
function add(a, b) {
  return a + b; // as it is
}
\`\`\`

`;

const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
await page.goto(url);
await page.locator(".model-button").click();
await page.getByRole("menuitemradio", { name: /^scripted/ }).click();
await page.evaluate(() => {
  const tasks = [];
  Reflect.set(globalThis, "tasks", tasks);
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => tasks.push(entry.duration))).observe({ entryTypes: ["longtask"] });
});
const text = PART.repeat(Math.ceil((tokens * 4) / PART.length)).slice(0, tokens * 4);
await page.locator("#ask").fill(`[script:${Buffer.from(JSON.stringify([text])).toString("base64")}][pace:${pace}]`);
const began = Date.now();
await page.keyboard.press("Enter");
await page.locator(".turn-answer[aria-busy=true]").waitFor();
await page.evaluate(() => { Reflect.get(globalThis, "tasks").length = 0; }); // the message itself is long
await page.locator(".turn-answer[aria-busy=false]").waitFor({ timeout: 600_000 });
const seconds = (Date.now() - began) / 1000;
const tasks = await page.evaluate(() => Reflect.get(globalThis, "tasks"));
const figures = await page.locator("button.figures").last().innerText();
console.log(`${figures}; ${seconds.toFixed(1)} s`);
console.log(`tasks over 50 ms: ${tasks.length}, the longest ${Math.round(Math.max(0, ...tasks))} ms, together ${Math.round(tasks.reduce((a, b) => a + b, 0))} ms`);
await browser.close();
