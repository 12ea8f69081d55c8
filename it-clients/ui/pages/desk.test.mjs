// The desk: first run, one's own account and all ways in; then what administrators see to.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { accessible, accountsUrl, becomes, open, setUpCode, shot } from "./browser.mjs";
import { box } from "./desk-box.mjs";
import { people } from "./desk-people.mjs";
import { finder, giveDevice, signOut, steps, totp } from "./steps.mjs";

const PASSWORD = "violet otter lamp";
const OTHER = "seven quiet harbours";

// Browsers make passkeys for names, and not for addresses.
const url = accountsUrl.replace("127.0.0.1", "localhost");
const page = await open({ expects: [/status of 40[0-4]/, /status of 503/] });
const test = steps("desk", page);
const { button, card, field } = finder(page);

/** @type {string[]} */
let recovery = [];
let secret = "";

/** @param {import("playwright-core").Page} who @param {string} [password] */
async function signIn(who, password = PASSWORD) {
  await who.getByLabel("Name", { exact: true }).fill("root");
  await who.getByLabel("Password", { exact: true }).fill(password);
  await who.getByRole("button", { name: "Sign in", exact: true }).click();
}

test("the first run makes the first administrator", async () => {
  await page.goto(`${url}/setup`);
  await field("Code").fill("WRON-GONE");
  await field("Name").fill("root");
  await field("Password").fill(PASSWORD);
  await page.getByLabel("Password again").fill("something else entirely");
  await button("Make the account").click();
  await page.getByText("The two passwords differ.").waitFor();
  await page.getByLabel("Password again").fill(PASSWORD);
  await button("Make the account").click();
  await page.getByRole("alert").waitFor();
  await accessible(page);
  await shot(page, "setup");
  // As if somebody had chatted here before there were accounts.
  await page.route("**/auth/setup", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), handed_over: { chats: 12, files: 3 } } });
  });
  await field("Code").fill(setUpCode.toLowerCase());
  await button("Make the account").click();
  await page.getByText("root is the first administrator, and signed in here.").waitFor();
  await page.unroute("**/auth/setup");
  await page.getByRole("term").filter({ hasText: "Chats" }).waitFor();
  await page.getByRole("definition").filter({ hasText: "12" }).waitFor();
  await shot(page, "setup-done");
});

test("an account has an app, passkeys, keys", async () => {
  await page.goto(`${url}/account`);
  await page.getByRole("heading", { level: 1, name: "Your account" }).waitFor();
  const app = card("Authenticator app");
  await app.getByLabel("Password").fill("not the password");
  await app.getByRole("button", { name: "Set up" }).click();
  await app.getByRole("alert").waitFor();
  await app.getByLabel("Password").fill(PASSWORD);
  await app.getByRole("button", { name: "Set up" }).click();
  secret = (await app.locator(".secret").textContent()) ?? "";
  await app.getByRole("textbox", { name: "Code" }).fill(totp(secret));
  await app.getByRole("button", { name: "Confirm" }).click();
  await app.locator(".codes li").first().waitFor();
  await becomes(() => app.locator(".codes li").count(), 10);
  recovery = await app.locator(".codes li").allTextContents();
  await app.getByRole("button", { name: "I have it" }).click();
  await app.getByText("10 recovery codes are left.").waitFor();

  await accessible(page); // before there is a device, which goes with the session of axe
  await giveDevice(page);
  const passkeys = card("Passkeys");
  await passkeys.getByLabel("Name of the new one").fill("laptop");
  await passkeys.getByLabel("Password").fill(PASSWORD);
  await passkeys.getByRole("button", { name: "Add a passkey" }).click();
  await passkeys.getByText("laptop", { exact: true }).waitFor();

  const keys = card("API keys");
  await keys.getByLabel("Name of the new one").fill("editor");
  await keys.getByText("Less than you may").click();
  await keys.getByLabel("Limits").fill("rpm=60");
  await keys.getByRole("switch", { name: "Answers come with receipts" }).check();
  await keys.getByRole("button", { name: "Make a key" }).click();
  const key = (await keys.locator("output").textContent()) ?? "";
  const answer = await fetch(`${accountsUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { "Authorization": `Bearer ${key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ model: "guide", messages: [{ role: "user", content: "hi" }], max_tokens: 2 }),
  });
  assert.ok((await answer.json()).receipt, "a key's answers have receipts where it says so");
  await keys.getByRole("button", { name: "I have it" }).click();
  await keys.getByText("rpm=60 · with receipts").waitFor();
  await keys.getByRole("button", { name: "Revoke editor" }).click();
  await button("Undo").click();
  await keys.getByText("editor", { exact: false }).first().waitFor();
  await shot(page, "account");
});

test("people come in with a passkey, with a second step, and go out elsewhere", async () => {
  await signOut(page);
  await button("Use a passkey").click();
  await page.waitForURL(/\/desk|\/$/);
  await page.goto(`${url}/desk#account`);
  await card("Passkeys").getByText(/^localhost · used /).waitFor();

  await signOut(page);
  await signIn(page, "wrong");
  await page.getByText("Name or password is wrong.").waitFor();
  await accessible(page);
  await shot(page, "signin");
  await signIn(page);
  await page.getByRole("heading", { name: "Second step" }).waitFor();
  await field("Code").fill(totp(secret, 1));
  await button("Go on").click();
  await page.waitForURL(/\/desk|\/$/);

  const other = await open({ expects: [/status of 401/] });
  await other.goto(`${url}/signin?next=/desk`);
  await signIn(other);
  await other.getByLabel("Code", { exact: true }).fill(recovery[0] ?? "");
  await other.getByRole("button", { name: "Go on" }).click();
  await other.getByRole("heading", { level: 1, name: "Models" }).waitFor();
  await page.goto(`${url}/desk#account`);
  await page.reload();
  await card("Authenticator app").getByText("9 recovery codes are left.").waitFor();
  const sessions = card("Where you are signed in");
  await sessions.getByText("this browser").waitFor();
  await sessions.getByRole("button", { name: "Sign out everywhere else" }).click();
  await sessions.getByRole("button", { name: "Sign out everywhere else" }).waitFor({ state: "hidden" });
  await other.reload();
  await other.getByRole("heading", { name: "Sign in" }).waitFor();
  other.quiet();
  await other.context().close();
});

test("codes, app and password are exchanged, and all that is kept is taken along", async () => {
  const app = card("Authenticator app");
  await app.getByLabel("Password").fill(PASSWORD);
  await app.getByRole("textbox", { name: "Code" }).fill(recovery[1] ?? "");
  await app.getByRole("button", { name: "New recovery codes" }).click();
  await app.locator(".codes li").first().waitFor();
  await becomes(() => app.locator(".codes li").count(), 10);
  const fresh = await app.locator(".codes li").allTextContents();
  assert.ok(!fresh.includes(recovery[2] ?? ""));
  await app.getByRole("button", { name: "I have it" }).click();
  await app.getByLabel("Password").fill(PASSWORD);
  await app.getByRole("textbox", { name: "Code" }).fill(fresh[0] ?? "");
  await app.getByRole("button", { name: "Remove the app" }).click();
  await app.getByRole("button", { name: "Set up" }).waitFor();
  await card("Passkeys").getByRole("button", { name: "Remove laptop" }).click();
  await card("Passkeys").getByText("laptop", { exact: true }).waitFor({ state: "hidden" });

  const password = card("Password");
  await password.getByLabel("Password of today").fill("not the password");
  await password.getByLabel("New password").fill(OTHER);
  await password.getByRole("button", { name: "Change the password" }).click();
  await password.getByRole("alert").waitFor();
  await password.getByLabel("Password of today").fill(PASSWORD);
  await password.getByRole("button", { name: "Change the password" }).click();
  await page.getByRole("status").getByText("The password is changed").waitFor();

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export everything" }).click();
  assert.equal(readFileSync(await (await download).path()).subarray(0, 2).toString(), "PK");

  await field("Language").selectOption("de");
  await page.getByRole("heading", { level: 1, name: "Ihr Konto" }).waitFor();
  await field("Sprache").selectOption("en");
  await button("Dark").click();
  await page.locator("html[data-theme=dark]").waitFor();
  await shot(page, "account-dark");
  await button("As the system").click();
});

people({ page, test, url, password: PASSWORD });
box({ page, test });
