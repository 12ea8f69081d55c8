// The desk's steps about people: groups, invitations, approval, limits, lost factors, the end of an account.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { accessible, becomes, none, open, shot } from "./browser.mjs";
import { person } from "./person.mjs";
import { finder, giveDevice } from "./steps.mjs";

/** @typedef {ReturnType<typeof import("./steps.mjs").steps>} Test */
/** @typedef {import("playwright-core").Page} Page */

/** @param {{page: Page, test: Test, url: string, password: string}} desk */
export function people({ page, test, url, password }) {
  const { button, card, dialog, field, go, menu } = finder(page);
  const row = (/** @type {string} */ name) => page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
  /** @type {Awaited<ReturnType<typeof open>>} */
  let anna;
  let code = "";

  /** Types a code and a password into the page where that is asked. */
  async function join(/** @type {string} */ way, /** @type {string} */ typed, /** @type {string} */ secret, name = "") {
    await anna.goto(`${url}/signin?next=/desk`);
    await anna.getByText("Other ways in").click();
    await anna.getByRole("button", { name: way }).click();
    if (typed) await anna.getByLabel("Code", { exact: true }).fill(typed);
    if (name) await anna.getByLabel("Name", { exact: true }).fill(name);
    await anna.getByLabel("Password", { exact: true }).fill(secret);
    await anna.getByLabel("Password again").fill(secret);
    await anna.locator("main form button.btn-primary").click();
  }

  test("groups bound what their members may", async () => {
    await go("Groups");
    await button("New group").first().click();
    await field("Name").fill("lab");
    await dialog.getByLabel("Limits of each member").fill("rpm=sixty");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByRole("alert").waitFor();
    await dialog.getByLabel("Limits of each member").fill("rpm=60 tpd=100000");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("60 requests a minute").waitFor();
    await button("Edit lab").click();
    await dialog.getByLabel("Texts are kept, days").fill("7");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("7 days").waitFor();
    await button("New group").first().click();
    await field("Name").fill("brief");
    await dialog.getByRole("button", { name: "Save" }).click();
    await button("Remove brief").click();
    await button("Remove brief").waitFor({ state: "hidden" });
    await accessible(page);
    await shot(page, "groups");
  });

  test("a tool is allowed to a group alone, and to everybody again", async () => {
    await go("Tools");
    await page.getByLabel("Allow time").check();
    const groups = page.getByLabel("Groups who alone may use time");
    await groups.fill("nobody");
    await groups.press("Tab");
    await page.getByText("There is no group 'nobody'").waitFor();
    await groups.fill("lab");
    await groups.press("Tab");
    await page.getByLabel("People who alone may use time").and(page.getByPlaceholder("nobody")).waitFor();
    await page.reload();
    await becomes(() => groups.inputValue(), "lab");
    await accessible(page);
    await groups.fill("");
    await groups.press("Tab");
    await page.getByLabel("People who alone may use time").and(page.getByPlaceholder("everybody")).waitFor();
  });

  test("people are invited, added, disabled and deleted", async () => {
    await go("Users");
    for (const name of ["anna", "nobody"]) {
      await button("Add somebody").first().click();
      await field("Name").fill(name);
      if (name === "anna") await dialog.getByLabel("Group").selectOption("lab");
      await dialog.getByRole("button", { name: "Invite", exact: true }).click();
      await page.getByText("Codes that wait to be used").waitFor();
      code = name === "anna" ? ((await page.locator("output").textContent()) ?? "") : code;
      await button("I have it").click();
    }
    await card("Codes that wait to be used").getByRole("listitem").filter({ hasText: "nobody" }).getByRole("button", { name: "Withdraw" }).click();
    await page.getByText("nobody").waitFor({ state: "hidden" });

    await button("Add somebody").first().click();
    await dialog.getByRole("button", { name: "Give a password" }).click();
    await field("Name").fill("ben");
    await field("Password").fill(password);
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await menu("ben", "Disable");
    await row("ben").getByText("Disabled").waitFor();
    await menu("ben", "Let in again");
    await row("ben").getByText("Active").waitFor();
    await menu("ben", "Edit");
    await dialog.getByLabel("Role").selectOption("viewer");
    await dialog.getByLabel("Limits").fill("rpm=30");
    await dialog.getByRole("button", { name: "Save" }).click();
    await row("ben").getByText("rpm=30").waitFor();
    await row("ben").getByText("Viewer").waitFor();
    await page.getByPlaceholder("Search people").fill("be");
    await row("root").waitFor({ state: "hidden" });
    await page.getByPlaceholder("Search people").fill("");
    await accessible(page);
    await shot(page, "users");
    await menu("ben", "Delete");
    await dialog.getByRole("textbox").fill("ben");
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("status").getByText("ben is deleted").waitFor();
  });

  test("who is invited has an account, with its limits", async () => {
    anna = await open({ expects: [/status of 401/] });
    await join("I have an invitation", code, password, "anna");
    await anna.getByRole("heading", { level: 1, name: "Your account" }).waitFor();
    await none(anna.getByRole("link", { name: "Users" }));
    await giveDevice(anna);
    const passkeys = anna.getByRole("region", { name: "Passkeys" });
    await passkeys.getByLabel("Name of the new one").fill("phone");
    await passkeys.getByLabel("Password").fill(password);
    await passkeys.getByRole("button", { name: "Add a passkey" }).click();
    await passkeys.getByText("phone", { exact: true }).waitFor();
    await finder(anna).go("Usage");
    await anna.getByRole("region", { name: "Your limits" }).getByText("Requests a minute").waitFor();
  });

  test("administrators help who has lost something", async () => {
    await page.reload();
    await menu("anna", "Second factors");
    await dialog.getByText("phone").waitFor();
    await accessible(page);
    await shot(page, "factors");
    await dialog.getByRole("button", { name: "Remove phone" }).click();
    await dialog.getByText("There is none").waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    const download = page.waitForEvent("download");
    await menu("anna", "Export all that is kept");
    assert.equal(readFileSync(await (await download).path()).subarray(0, 2).toString(), "PK");
    await menu("anna", "Let them choose another password");
    const reset = (await page.locator("output").textContent()) ?? "";
    await button("I have it").click();
    await join("I have a code for another password", reset, "another lamp entirely");
    await anna.getByText("Sign in with the new password.").waitFor();
    await anna.getByLabel("Name", { exact: true }).fill("anna");
    await anna.getByLabel("Password", { exact: true }).fill("another lamp entirely");
    await anna.getByRole("button", { name: "Sign in", exact: true }).click();
    await anna.getByRole("heading", { level: 1, name: "Your account" }).waitFor();
  });

  test("a chat is shown to one person alone", async () => {
    await page.evaluate(async () => {
      /** @param {string} path @param {unknown} body */
      const post = async (path, body) => (await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })).json();
      const chat = await post("/chats", { title: "For anna" });
      await post(`/chats/${chat.id}/messages`, { parent: null, role: "user", text: "Read this, please." });
    });
    const chats = person(page);
    await page.goto(`${url}/`);
    await page.locator(".history-line", { hasText: "For anna" }).getByRole("link").click();
    await chats.inChatMenu("Share on this box");
    await dialog.getByLabel("Who may read").fill("anna, nobody at all");
    await dialog.getByRole("button", { name: "Make a link" }).click();
    await page.getByText("nobody at all", { exact: false }).first().waitFor();
    await dialog.getByLabel("Who may read").fill("anna");
    await dialog.getByRole("button", { name: "Make a link" }).click();
    const link = await dialog.getByRole("textbox", { name: "Link" }).inputValue();
    await dialog.getByRole("button", { name: "Close" }).click();
    await anna.goto(link);
    await anna.getByText("Read this, please.").waitFor();
    await anna.goto(`${url}/desk#account`);
    await page.goto(`${url}/desk#users`);
    await page.getByRole("heading", { level: 1, name: "Users" }).waitFor();
  });

  test("a collection of documents is shared with one person alone", async () => {
    await page.evaluate(async () => {
      /** @param {string} path @param {unknown} body */
      const post = (path, body) => fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
      await post("/v1/embeddings", { model: "vectors", input: "x" }); // which models make vectors is known of those that are loaded
      await post("/v1/vector_stores", { name: "Manuals" });
    });
    await page.goto(`${url}/knowledge`);
    const share = async () => {
      await page.getByRole("button", { name: "More for Manuals" }).click();
      await page.getByRole("menuitem", { name: "Share on this box" }).click();
    };
    await share();
    await dialog.getByLabel("Name of a person").fill("nobody at all");
    await dialog.getByRole("button", { name: "Add" }).click();
    await dialog.getByRole("alert").filter({ hasText: "nobody at all" }).waitFor();
    await dialog.getByLabel("Name of a person").fill("anna");
    await dialog.getByRole("button", { name: "Add" }).click();
    await dialog.getByLabel("anna").waitFor();
    await accessible(page);
    await dialog.getByRole("button", { name: "Close" }).click();
    await anna.goto(`${url}/knowledge`);
    const shared = anna.locator(".know-list > li", { hasText: "of root" });
    await shared.getByRole("link", { name: /^Manuals/ }).click();
    await anna.getByText("No documents yet.", { exact: true }).waitFor(); // and no way to add some
    await share();
    await dialog.getByLabel("anna").selectOption("No access");
    await dialog.getByLabel("anna").waitFor({ state: "detached" });
    await dialog.getByRole("button", { name: "Close" }).click();
    await anna.goto(`${url}/knowledge`);
    await anna.getByText("No collections yet").waitFor();
    await page.evaluate(() => fetch("/v1/models/unload", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ model: "vectors" }) }));
    await anna.goto(`${url}/desk#account`);
    await page.goto(`${url}/desk#users`);
    await page.getByRole("heading", { level: 1, name: "Users" }).waitFor();
  });

  test("whoever leaves takes all along", async () => {
    await anna.getByText("Delete the account").click();
    await anna.getByLabel("Type anna to go on").fill("anna");
    await anna.locator("#leave-password").fill("another lamp entirely");
    await anna.getByRole("button", { name: "Delete everything" }).click();
    await anna.getByRole("heading", { name: "Sign in" }).waitFor();
  });

  test("who comes by oneself, or from an issuer, is approved", async () => {
    const kept = page.waitForResponse((answer) => answer.url().endsWith("/admin/settings") && answer.request().method() === "PATCH");
    await page.getByRole("switch", { name: "People may ask for accounts" }).check();
    await kept;
    await anna.goto(`${url}/signin?next=/desk`);
    await anna.getByText("Other ways in").click();
    await anna.getByRole("button", { name: "Ask for an account" }).waitFor();
    await join("Ask for an account", "", password, "carl");
    await anna.getByText("An administrator has to approve your account.").waitFor();
    await anna.getByRole("link", { name: /^Sign in with 127/ }).click();
    await anna.getByText("Your account is made; an administrator has to approve it.").waitFor();
    await accessible(anna);
    await shot(anna, "signin-issuer");

    await page.reload();
    for (const name of ["carl", "ada"]) {
      await row(name).getByRole("button", { name: "Approve" }).click();
      await row(name).getByText("Active").waitFor();
    }
    await anna.getByRole("link", { name: /^Sign in with 127/ }).click();
    await anna.waitForURL(`${url}/`);
    await anna.goto(`${url}/desk#account`);
    await anna.getByText("ada, User").waitFor();
    anna.quiet();
    await anna.context().close();
  });

  test("keys of all are looked through and revoked", async () => {
    await go("API keys");
    await page.getByPlaceholder("Search keys").fill("nothing like it");
    await page.getByText("No key is like that.").waitFor();
    await page.getByPlaceholder("Search keys").fill("edit");
    await row("editor").getByText("with receipts").waitFor();
    await accessible(page);
    await shot(page, "keys");
    await button("Revoke editor").click();
    await row("editor").waitFor({ state: "hidden" });
    const none = page.getByText("Nobody has an API key yet.", { exact: false });
    await becomes(async () => {
      await page.reload(); // what can be taken back for a moment is done when one leaves, while the next page comes
      await row("editor").or(none).waitFor();
      return none.isVisible();
    }, true);
  });
}
