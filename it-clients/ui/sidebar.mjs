// How the history of somebody with very many chats scrolls: rows that are drawn, lists that are fetched, tasks of the page. By hand:
//     bench/web/run sidebar.mjs [CHATS]
// or with SOLEBOX_URL against a server that nobody else uses: it makes the chats.

import { launch } from "./launch.mjs";
import { sayTasks, watchTasks } from "./tasks.mjs";

const url = process.env.SOLEBOX_URL ?? "http://127.0.0.1:8080";
const many = Number(process.argv[2] ?? 10_000);
const AT_ONCE = 8;

/** @param {number} n */
const make = (n) => fetch(`${url}/chats`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ title: `Chat ${n}` }) });
let next = 0;
await Promise.all(Array.from({ length: AT_ONCE }, async () => {
  while (next < many) await (await make(next++)).text();
}));

const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
let lists = 0;
page.on("request", (request) => { lists += Number(new URL(request.url()).pathname === "/chats"); });
let tasks = await watchTasks(browser);
await page.goto(url);
await page.locator(".history-row").first().waitFor();
await page.waitForTimeout(1000);
sayTasks("opened", await tasks());
const rows = () => page.locator(".history-row").count();
console.log(`  ${many} chats; ${await rows()} rows drawn, ${lists} lists fetched`);

const history = page.locator(".history");
const end = async () => history.evaluate((element) => element.scrollTop + element.clientHeight >= element.scrollHeight - 2);
let most = 0;
let still = 0;
tasks = await watchTasks(browser);
const began = Date.now();
await page.mouse.move(120, 500);
while (still < 20) {
  await page.mouse.wheel(0, 3000);
  await page.waitForTimeout(30);
  most = Math.max(most, await rows());
  still = await end() ? still + 1 : 0;
}
sayTasks("scrolled to the first chat of all", await tasks());
const last = await page.locator(".history-line").last().innerText();
console.log(`  ${((Date.now() - began) / 1000).toFixed(1)} s; ${most} rows at most, ${lists} lists fetched; the last is ${last.trim()}`);
await browser.close();
