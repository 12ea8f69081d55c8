// Makes the pictures of the chat in docs/shots, from a server that has nothing else. By hand:
//     bench/web/run shots.mjs

import { launch } from "./launch.mjs";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const url = process.env.SOLEBOX_URL ?? "http://127.0.0.1:8080";
const folder = fileURLToPath(new URL("../../docs/shots", import.meta.url));
mkdirSync(folder, { recursive: true });

async function post(path, body) {
  const response = await fetch(url + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

const ANSWER = `## Memory bandwidth sets the limit

Each token reads all weights once, and the KV cache of what came before. With bandwidth $B$ and $n$ tokens in the context, speed cannot pass

$$v_{max} = \\frac{B}{m_{weights} + n \\cdot m_{KV}}$$

| Quantization | File, GiB | Bound, tokens/s | Fits one card |
|---|--:|--:|---|
| Q4_K_M | 18.4 | 45.5 | Yes |
| Q6_K | 25.0 | 33.5 | Yes, 7.0 GiB left |
| Q8_0 | 32.4 | 25.9 | No, needs both |

To measure the missing rows on this machine:

\`\`\`bash
# one line of JSON for each quantization
for q in Q5_K_M Q6_K; do
  ./solebox bench "qwen3-32b-$q" --device cuda --json
done
\`\`\`
`;

async function fill() {
  const titles = ["Explain paged attention", "Letter to the landlord", "SQL for the stock report", "Summary of the board minutes"];
  for (const title of titles) await post("/chats", { title });
  for (const title of ["Fan curve at 220 W", "BAR1 window of the riser"]) await post("/chats", { title, folder: "Rack build" });
  const pinned = await post("/chats", { title: "Contract review, house rules" });
  await post(`/chats/${pinned.id}`, { pinned: true });
  const chat = await post("/chats", { title: "What limits the 32B model", settings: { system: "Answer from the attached notes. Say so when they do not contain it.", options: { temperature: 0.3 } } });
  const notes = "One card, Q4_K_M, empty context: 31.2 tokens/s at 187 W.\n".repeat(40);
  const asked = await post(`/chats/${chat.id}/messages`, { parent: null, role: "user", text: "How fast can the 32B model get on one V100, and what limits it?", attachments: [{ name: "rack-notes.md", type: "text/markdown", bytes: notes.length, tokens: 1042, text: notes }] })
    .catch(() => post(`/chats/${chat.id}/messages`, { parent: null, role: "user", text: "How fast can the 32B model get on one V100, and what limits it?" }));
  await post(`/chats/${chat.id}/messages`, { parent: (asked.message ?? asked).id, role: "assistant", text: ANSWER });
  return chat.id;
}

const id = await fill();
const browser = await launch();

async function shot(name, path, options, before = async (_page) => {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", locale: "en-GB", ...options });
  const page = await context.newPage();
  await page.goto(url + path);
  await page.locator("#ask, #ask-both").first().waitFor();
  await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => {}); // the page goes on listening for news
  await before(page);
  await page.screenshot({ path: `${folder}/${name}.png` });
  await context.close();
}

const top = (page) => page.locator(".conversation").evaluate((element) => { element.dispatchEvent(new WheelEvent("wheel", { deltaY: -100 })); element.scrollTop = 0; });
await shot("chat-light", `/c/${id}`, {}, async (page) => {
  await page.getByRole("button", { name: "Settings of this chat" }).first().click();
  await page.locator("#system").waitFor();
  await top(page);
});
await shot("chat-dark", `/c/${id}`, { colorScheme: "dark" });
await shot("chat-narrow", `/c/${id}`, { viewport: { width: 390, height: 800 }, hasTouch: true }, top);
await shot("chat-new", "/", {});
await shot("chat-palette", `/c/${id}`, {}, async (page) => {
  await page.keyboard.press("Control+k");
  await page.locator(".palette .menu-item").first().waitFor();
});
await browser.close();
