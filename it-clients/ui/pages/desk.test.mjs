// The desk: first run, sign-in, one's own account, and what administrators see to; as one person clicks through it.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { test as nodeTest } from "node:test";
import { accessible, accountsUrl, open, setUpCode, shot } from "./browser.mjs";

const PASSWORD = "violet otter lamp";
const page = await open({ expects: [/status of 401/, /status of 400/, /status of 404/, /status of 503/] });

let broken = false;

/** A step of one way through the pages: behind one that has failed there is nothing to see. */
const test = (/** @type {string} */ name, /** @type {() => Promise<void>} */ work) => nodeTest(name, async (context) => {
  if (broken) return context.skip("a step before it has failed");
  broken = true;
  await work();
  broken = false;
});

/** The code that an authenticator app shows now (RFC 6238). */
function totp(/** @type {string} */ secret) {
  const bits = [...secret.replace(/\s|=/g, "")].map((digit) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(digit).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g)?.map((byte) => parseInt(byte, 2)) ?? []);
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const hash = createHmac("sha1", key).update(counter).digest();
  const at = (hash[19] ?? 0) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1e6).padStart(6, "0");
}

const button = (/** @type {string | RegExp} */ name) => page.getByRole("button", { name, exact: typeof name === "string" });
const card = (/** @type {string} */ name) => page.getByRole("region", { name, exact: true });
const go = async (/** @type {string} */ name) => {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
};

test("the first run makes the first administrator", async () => {
  await page.goto(`${accountsUrl}/setup`);
  await page.getByLabel("Code", { exact: true }).fill("WRON-GONE");
  await page.getByLabel("Name", { exact: true }).fill("root");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("Password again").fill("something else entirely");
  await button("Make the account").click();
  await page.getByText("The two passwords differ.").waitFor();
  await page.getByLabel("Password again").fill(PASSWORD);
  await button("Make the account").click();
  await page.getByRole("alert").waitFor();
  await accessible(page);
  await shot(page, "setup");
  await page.getByLabel("Code", { exact: true }).fill(setUpCode.toLowerCase());
  await button("Make the account").click();
  await page.getByText("root is the first administrator, and signed in here.").waitFor();
  await shot(page, "setup-done");
});

test("an account has an app, keys, sessions", async () => {
  await page.goto(`${accountsUrl}/account`);
  await page.getByRole("heading", { level: 1, name: "Your account" }).waitFor();
  const app = card("Authenticator app");
  await app.getByLabel("Password").fill("not the password");
  await app.getByRole("button", { name: "Set up" }).click();
  await app.getByRole("alert").waitFor();
  await app.getByLabel("Password").fill(PASSWORD);
  await app.getByRole("button", { name: "Set up" }).click();
  const secret = await app.locator(".secret").textContent();
  await app.getByRole("textbox", { name: "Code" }).fill(totp(secret ?? ""));
  await app.getByRole("button", { name: "Confirm" }).click();
  await app.locator(".codes li").first().waitFor();
  const recovery = await app.locator(".codes li").allTextContents();
  assert.equal(recovery.length, 10);
  await app.getByRole("button", { name: "I have it" }).click();
  await app.getByText("10 recovery codes are left.").waitFor();

  const keys = card("API keys");
  await keys.getByLabel("Name of the new one").fill("editor");
  await keys.getByRole("button", { name: "Make a key" }).click();
  const key = (await keys.locator("output").textContent()) ?? "";
  const models = await fetch(`${accountsUrl}/v1/models`, { headers: { Authorization: `Bearer ${key}` } });
  assert.equal(models.status, 200);
  await keys.getByRole("button", { name: "I have it" }).click();
  await keys.getByRole("button", { name: "Revoke editor" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await keys.getByText("editor", { exact: false }).first().waitFor();

  await card("Where you are signed in").getByText("this browser").waitFor();
  await accessible(page);
  await shot(page, "account");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export everything" }).click();
  assert.equal(readFileSync(await (await download).path()).subarray(0, 2).toString(), "PK");

  await page.getByLabel("Language", { exact: true }).selectOption("de");
  await page.getByRole("heading", { level: 1, name: "Ihr Konto" }).waitFor();
  await page.getByLabel("Sprache", { exact: true }).selectOption("en");
  await button("Dark").click();
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  await shot(page, "account-dark");
  await button("As the system").click();
  process.env.SOLEBOX_RECOVERY = recovery[0];
});

test("people come in with a second step", async () => {
  await button("Account menu").click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByLabel("Name", { exact: true }).fill("root");
  await page.getByLabel("Password", { exact: true }).fill("wrong");
  await button("Sign in").click();
  await page.getByText("Name or password is wrong.").waitFor();
  await accessible(page);
  await shot(page, "signin");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await button("Sign in").click();
  await page.getByRole("heading", { name: "Second step" }).waitFor();
  await page.getByLabel("Code", { exact: true }).fill(process.env.SOLEBOX_RECOVERY ?? "");
  await button("Go on").click();
  await page.waitForURL(/\/desk|\/$/);
});

test("administrators see to people", async () => {
  await page.goto(`${accountsUrl}/desk#groups`);
  await button("New group").first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill("lab");
  await dialog.getByLabel("Limits of each member").fill("rpm=sixty");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByRole("alert").waitFor();
  await dialog.getByLabel("Limits of each member").fill("rpm=60 tpd=100000");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("60 requests a minute").waitFor();
  await accessible(page);
  await shot(page, "groups");

  await go("Users");
  await button("Add somebody").first().click();
  await dialog.getByLabel("Name", { exact: true }).fill("anna");
  await dialog.getByLabel("Group").selectOption("lab");
  await dialog.getByRole("button", { name: "Invite", exact: true }).click();
  const code = (await page.locator("output").textContent()) ?? "";
  await page.getByText("Codes that wait to be used").waitFor();
  await button("I have it").click();

  await button("Add somebody").first().click();
  await dialog.getByRole("button", { name: "Give a password" }).click();
  await dialog.getByLabel("Name", { exact: true }).fill("ben");
  await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await button("More for ben").click();
  await page.getByRole("menuitem", { name: "Disable" }).click();
  await page.getByText("Disabled", { exact: true }).waitFor();
  await button("More for ben").click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await dialog.getByLabel("Role").selectOption("viewer");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("cell", { name: "Viewer" }).waitFor();
  await accessible(page);
  await shot(page, "users");
  await button("More for ben").click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await dialog.getByRole("textbox").fill("ben");
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("status").getByText("ben is deleted").waitFor();

  await go("API keys");
  await page.getByRole("rowheader", { name: "editor" }).waitFor();
  await shot(page, "keys");

  const anna = await open();
  await anna.goto(`${accountsUrl}/signin?next=/desk`);
  await anna.getByText("Other ways in").click();
  await anna.getByRole("button", { name: "I have an invitation" }).click();
  await anna.getByLabel("Code", { exact: true }).fill(code);
  await anna.getByLabel("Name", { exact: true }).fill("anna");
  await anna.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await anna.getByLabel("Password again").fill(PASSWORD);
  await anna.getByRole("button", { name: "Make the account" }).click();
  await anna.getByRole("heading", { level: 1, name: "Your account" }).waitFor();
  assert.equal(await anna.getByRole("link", { name: "Users" }).count(), 0);
  await anna.getByText("Delete the account").click();
  await anna.getByLabel("Type anna to go on").fill("anna");
  await anna.locator("#leave-password").fill(PASSWORD);
  await anna.getByRole("button", { name: "Delete everything" }).click();
  await anna.getByRole("heading", { name: "Sign in" }).waitFor();
  anna.quiet();
  await anna.context().close();
});

test("models are loaded and unloaded", async () => {
  await go("Models");
  const scripted = page.locator(".shelf > li").filter({ has: page.getByText("vectors", { exact: true }) });
  await scripted.getByRole("button", { name: "Load vectors" }).click();
  await scripted.getByText("Loaded").waitFor();
  await page.getByText(/of .* in use/).first().waitFor();
  await accessible(page);
  await shot(page, "models");
  await scripted.getByRole("button", { name: "Unload vectors" }).click();
  await scripted.getByText("On disk").waitFor();
  await page.getByPlaceholder("Search models").fill("nothing like it");
  await page.getByText("No model is like that.").waitFor();
});

test("the box says what it does, and proves it", async () => {
  await page.evaluate(async () => {
    await fetch("/v1/chat/completions", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ model: "scripted", messages: [{ role: "user", content: "hello" }] }),
    });
  });
  await go("Usage");
  await page.getByRole("rowheader", { name: "root" }).waitFor();
  await page.locator(".uplot canvas").waitFor();
  await accessible(page);
  await shot(page, "usage");
  const download = page.waitForEvent("download");
  await button("CSV").click();
  assert.match(readFileSync(await (await download).path(), "utf8"), /^day,.*generated_tokens\r\n/);

  await go("Running answers");
  await page.getByText("No answer is running.").waitFor();
  await page.evaluate(async (script) => {
    Object.assign(globalThis, { answer: fetch("/v1/chat/completions", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ model: "scripted", messages: [{ role: "user", content: script }] }),
    }).then((response) => response.json()) });
  }, slow());
  await page.getByRole("rowheader", { name: "scripted" }).waitFor();
  await shot(page, "running");
  await button(/Stop this answer/).click();
  await page.getByText("No answer is running.").waitFor();
  const ended = await page.evaluate(() => Reflect.get(globalThis, "answer"));
  assert.equal(ended.error.code, "cancelled");

  await go("Audit log");
  await page.getByRole("cell", { name: "answer.stop" }).waitFor();
  await page.getByLabel("Action").fill("user");
  await button("Look").click();
  await page.getByRole("cell", { name: "user.delete" }).first().waitFor();
  assert.equal(await page.getByRole("cell", { name: "answer.stop" }).count(), 0);
  await button("Check").click();
  await page.getByText(/entries are as they were written/).waitFor();
  await accessible(page);
  await shot(page, "audit");

  await go("Server");
  await page.getByRole("rowheader", { name: "Accounts" }).waitFor();
  await accessible(page);
  await shot(page, "settings");

  await go("Air gap");
  await page.getByText("solebox airgap prove", { exact: true }).waitFor();
  await accessible(page);
  await shot(page, "airgap");

  const receipt = await page.evaluate(async () => {
    const response = await fetch("/v1/chat/completions", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ model: "guide", messages: [{ role: "user", content: "hi" }], max_tokens: 2, receipt: true }),
    });
    return (await response.json()).receipt;
  });
  await go("Receipts");
  await page.locator("#receipt").fill("nonsense");
  await button("Verify").click();
  await page.getByText(/This is no JSON/).waitFor();
  await page.locator("#receipt").fill(JSON.stringify(receipt));
  await button("Verify").click();
  await page.getByText("This box signed it, and not a bit has changed").waitFor();
  await page.locator("#receipt").fill(JSON.stringify({ ...receipt, time: "2020-01-01T00:00:00Z" }));
  await button("Verify").click();
  await page.getByText("This receipt proves nothing").waitFor();
  await accessible(page);
  await shot(page, "receipts");
  page.quiet();
});

/** A message to which the scripted model answers for a long time. */
function slow() {
  const turns = [Array.from({ length: 2000 }, (_, at) => `word${at}`).join(" ")];
  return `[script:${Buffer.from(JSON.stringify(turns)).toString("base64")}][pace:20]`;
}
