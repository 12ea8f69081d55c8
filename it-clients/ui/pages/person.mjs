// What a person does on the chat's page, again and again.

import { url } from "./browser.mjs";

/** @param {Awaited<ReturnType<typeof import("./browser.mjs").open>>} page */
export function person(page) {
  const answers = () => page.locator(".turn-answer");

  /** @param {string} text */
  async function ask(text) {
    const before = await answers().evaluateAll((all) => all.map((one) => one.getAttribute("data-id")));
    await page.locator("#ask").fill(text);
    await page.locator("#ask").press("Enter");
    // Until then the last answer is the one before.
    await page.waitForFunction((ids) => {
      const last = [...document.querySelectorAll(".turn-answer")].at(-1);
      return last && !ids.includes(last.getAttribute("data-id"));
    }, before);
  }

  return {
    answers,
    last: () => answers().last(),
    ask,

    /** Opens the page, with the model that does as it is told. */
    async arrive() {
      await page.goto(url);
      await page.locator(".model-button").click();
      await page.getByRole("menuitemradio", { name: /^scripted/ }).click();
    },

    /** A page for a chat that is not begun. */
    async anew() {
      await page.getByRole("link", { name: "New chat" }).first().click();
      await page.getByText("What should scripted do?").waitFor();
    },

    /** Asks in a chat that begins with it. @param {string} text */
    async begin(text) {
      await this.anew();
      await ask(text);
    },

    /** @param {import("playwright-core").Locator} answer */
    done: (answer) => answer.and(page.locator("[aria-busy=false]")).filter({ hasNot: page.locator(".prose.is-live") }) // all of it is drawn
      .waitFor({ timeout: 90_000 }), // the first one loads the model

    /** The open chat in the history. */
    current: () => page.locator(".history-line", { has: page.locator("[aria-current=page]") }),

    /** A button that is seen when one points at its turn. @param {import("playwright-core").Locator} turn @param {string} name */
    async press(turn, name) {
      await turn.hover();
      await turn.locator(".turn-foot").getByRole("button", { name, exact: true }).click();
    },

    /** Something of a menu. @param {import("playwright-core").Locator} button @param {string | RegExp} name */
    async choose(button, name) {
      await button.click();
      await page.getByRole("menuitem", { name }).click();
    },

    /** The menu of the open chat. @param {string | RegExp} name */
    async inChatMenu(name) {
      await this.choose(page.locator(".topbar").getByRole("button", { name: /^More for/ }), name);
    },

    /** The menu of all chats. @param {string | RegExp} name */
    async inSideMenu(name) {
      await this.choose(page.getByRole("button", { name: "More for all chats" }), name);
    },

    /** Says something in a dialog that asks for it. @param {string} text */
    async say(text) {
      await page.locator("dialog input").fill(text);
      await page.getByRole("button", { name: "Save" }).click();
    },

    /** Gives files to whatever lets one choose them. @param {() => Promise<void>} asks @param {{name: string, buffer: Buffer}[]} files */
    async give(asks, files) {
      const chosen = page.waitForEvent("filechooser");
      await asks();
      await (await chosen).setFiles(files.map((file) => ({ ...file, mimeType: "" })));
    },

    openSettings: () => page.getByRole("button", { name: "Settings of this chat" }).first().click(),
    closeSettings: () => page.getByRole("button", { name: "Close settings" }).click(),
  };
}
