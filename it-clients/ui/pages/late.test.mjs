// Answers of the server that come late: what somebody has done meanwhile is not undone by them.

import { test } from "node:test";
import { becomes, holds, none, open, script } from "./browser.mjs";
import { person } from "./person.mjs";

/** Holds what the server is asked until it is let go. @param {import("playwright-core").Page} page @param {string} path */
async function hold(page, path) {
  /** @type {() => void} */
  let letGo = () => {};
  const held = new Promise((resolve) => { letGo = () => resolve(undefined); });
  await page.route(path, async (route) => {
    await held;
    await route.continue();
  });
  return async () => {
    letGo();
    await page.unrouteAll({ behavior: "wait" });
  };
}

test("what is written while a question is sent stays, and who has left is not brought back", async () => {
  const page = await open();
  const me = person(page);
  await me.arrive();
  await me.begin(script(["first", "second"]));
  await me.done(me.last());
  let letGo = await hold(page, "**/turns");
  const field = page.locator("#ask");
  await field.fill("sent");
  await field.press("Enter");
  await field.pressSequentially(", and more");
  await letGo();
  await me.last().getByText("second").waitFor();
  await holds(page, "#ask", ", and more");
  await me.done(me.last());

  letGo = await hold(page, "**/turns");
  await field.fill(script(["elsewhere"]));
  const asked = page.waitForRequest("**/turns");
  await field.press("Enter");
  await asked;
  await me.anew();
  const sent = page.waitForResponse("**/turns");
  await letGo();
  await (await sent).finished();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await none(me.answers());
  page.quiet();
});

test("settings go with the chat whoever is quick to leave it, and before the question that they are for", async () => {
  const page = await open();
  const me = person(page);
  await me.arrive();
  await me.begin(script(["one", "two"]));
  await me.done(me.last());
  await me.openSettings();
  /** @type {string[]} */
  const order = [];
  page.on("request", (request) => {
    if (request.method() === "POST") order.push(/\/chats\/[^/]+$/.test(request.url()) ? "settings" : request.url().replace(/.*\//, ""));
  });
  await page.locator("#system").fill("At once.");
  await me.ask("and now");
  await becomes(() => order.filter((each) => each === "settings" || each === "turns"), ["settings", "turns"]);
  await me.done(me.last());
  await page.locator("#system").fill("And gone.");
  await page.reload();
  // The server is told while the next page comes.
  await becomes(() => page.evaluate(async () => (await (await fetch(location.pathname.replace("/c/", "/chats/"))).json()).settings.system), "And gone.");
  await page.reload();
  await me.openSettings();
  await holds(page, "#system", "And gone.");
  page.quiet();
});

test("a menu that is open hears of what is new", async () => {
  const page = await open();
  const me = person(page);
  await me.arrive();
  await me.begin(script(["tagged"]));
  await me.done(me.last());
  const letGo = await hold(page, "**/chats/tags");
  await me.inChatMenu("Tags");
  await me.say("late");
  await page.getByRole("button", { name: "More for all chats" }).click();
  await page.getByRole("menuitem", { name: "Choose several" }).waitFor();
  await letGo();
  await page.getByRole("menuitemradio", { name: /^late/ }).waitFor();
  page.quiet();
});
