// The desk's steps about what the server does: models, usage, running answers, the audit log.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { accessible, script, shot } from "./browser.mjs";
import { finder } from "./steps.mjs";

/** A message to which the scripted model answers for a long time. */
const SLOW = script([Array.from({ length: 2000 }, (_, at) => `word${at}`).join(" ")], 20);

/** @param {{page: Awaited<ReturnType<typeof import("./browser.mjs").open>>, test: import("./desk-people.mjs").Test}} desk */
export function box({ page, test }) {
  const { button, card, go } = finder(page);

  test("models are loaded and unloaded", async () => {
    await go("Models");
    const vectors = page.locator(".shelf > li").filter({ has: page.getByText("vectors", { exact: true }) });
    await vectors.getByRole("button", { name: "Load vectors" }).click();
    await vectors.getByText("Loaded").waitFor();
    await page.getByText(/of .* in use/).first().waitFor();
    await accessible(page);
    await shot(page, "models");
    await vectors.getByRole("button", { name: "Unload vectors" }).click();
    await vectors.getByText("On disk").waitFor();
    await page.getByPlaceholder("Search models").fill("nothing like it");
    await page.getByText("No model is like that.").waitFor();
  });

  test("hardware shows what it measures, what it measured, and what the doctor finds", async () => {
    await go("Hardware");
    const second = page.getByRole("region", { name: "Tesla V100 (B)" });
    await second.locator("b", { hasText: "80 °C" }).waitFor();
    await second.getByText("Warm", { exact: true }).waitFor();
    await second.getByText("the memory of Tesla V100 (B) is at 80 °C (warn from 78 °C on)").waitFor();
    await second.getByText("PCIe 3.0 x1 of x16").waitFor();
    await second.getByText("it has no fan of its own").waitFor();
    const line = page.getByRole("region", { name: "Tesla V100 (A)" }).locator(".spark path").first();
    await page.waitForFunction((path) => (path?.getAttribute("d") ?? "").split("L").length > 20, await line.elementHandle()); // it begins before one looked
    const board = page.getByRole("region", { name: "Board bench-1" });
    await board.getByText("Runs", { exact: true }).waitFor();
    await board.locator("b", { hasText: "0.80 V" }).waitFor();
    await card("What does not answer").getByText("nobody answers there").waitFor();
    await card("Other sensors").getByText("1,200 rpm").waitFor();
    await card("History").locator(".uplot canvas").waitFor();
    await shot(page, "hardware");
    await page.getByLabel("What is shown").selectOption("power_watts");
    await card("History").getByText("Tesla V100 (B): at most 180 W").waitFor();
    await page.getByLabel("What is shown").selectOption("fan_rpm");
    await card("History").getByText("Board: at most 1,200 rpm").waitFor();
    await button("Run doctor").click();
    await card("Doctor").locator(".findings > li").first().waitFor();
    await card("Doctor").getByText(/more checks/).click();
    await card("Doctor").getByText("gpu.present").first().waitFor();
    await accessible(page);
    await shot(page, "hardware-doctor");
  });

  test("the scout shows what it found, and is told what to leave alone", async () => {
    await go("Scout");
    const finds = card("For sale");
    const hostile = finds.getByRole("row").filter({ hasText: "@everyone" });
    await hostile.getByText("<img src=x").waitFor(); // a text, and nothing else
    assert.equal(await page.title(), "Scout · Solebox");
    const link = hostile.getByRole("link");
    assert.deepEqual([await link.getAttribute("rel"), await link.getAttribute("href")], ["noreferrer noopener", "https://www.example.org/itm/ebay/1/"]);
    const odd = finds.getByRole("row").filter({ hasText: "READ DESCRIPTION" });
    await odd.getByText("The seller has 0 ratings.").waitFor();
    await odd.getByText("whose first round tells nothing").waitFor();
    assert.equal(await odd.getByRole("link").count(), 0); // it led nowhere on the web
    await hostile.getByText("-35 %").waitFor();
    await card("Asking prices").locator(".uplot canvas").waitFor();
    await accessible(page);
    await shot(page, "scout");

    await hostile.getByRole("button", { name: /^Picture of / }).click();
    await hostile.locator("img.find-picture").waitFor();
    await hostile.getByRole("button", { name: /^Details of / }).click();
    await finds.getByText("47 to 62 tokens/s").waitFor();
    await finds.getByRole("button", { name: "Prices of V100-SXM2-32GB" }).click();
    await page.getByLabel("Suspicions").selectOption("yes");
    await hostile.waitFor({ state: "detached" });
    await page.getByLabel("Words of the title").fill("nothing like it");
    await page.keyboard.press("Enter");
    await page.getByText("Nothing is like that. Take a filter away.").waitFor();
    await page.getByLabel("Words of the title").fill("");
    await page.getByLabel("Suspicions").selectOption("");
    await hostile.waitFor();

    await hostile.getByRole("button", { name: /^More for / }).click();
    await page.getByRole("menuitem", { name: "V100-SXM2-32GB", exact: true }).click();
    await card("Muted").getByText("V100-SXM2-32GB").waitFor();
    await odd.getByText("Muted", { exact: true }).waitFor();
    await hostile.getByRole("button", { name: /^More for / }).click();
    await page.getByRole("menuitem", { name: "In a week" }).click();
    await card("Muted").getByText(/^until /).waitFor();
    await hostile.getByText("Later", { exact: true }).waitFor();
    await button("Tell again of V100-SXM2-32GB").click();
    await odd.getByText("Muted", { exact: true }).waitFor({ state: "detached" });

    await card("Sources").getByText("the site answered 503").waitFor();
    await card("Sources").getByText("Nothing comes from forum").waitFor();
    await card("Channels").getByText("the webhook answered 404").waitFor();
    await button("Try phone again").click();
    await button("Try phone again").waitFor({ state: "detached" });
    await accessible(page);
  });

  test("usage is told by user, model and day, and as a file", async () => {
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
    const table = card("By");
    await table.getByRole("button", { name: "Model" }).click();
    await table.getByRole("rowheader", { name: "scripted" }).waitFor();
    await button("You").click();
    await table.getByRole("button", { name: "Day" }).click();
    await button("Week").click();
    await table.getByRole("rowheader", { name: /^\d{4}-\d\d-\d\d$/ }).waitFor();
    const download = page.waitForEvent("download");
    await button("CSV").click();
    assert.match(readFileSync(await (await download).path(), "utf8"), /^day,.*generated_tokens\r\n/);
  });

  test("running answers are seen and ended", async () => {
    await go("Running answers");
    await page.getByText("No answer is running.").waitFor();
    await page.evaluate(async (content) => {
      Object.assign(globalThis, { answer: fetch("/v1/chat/completions", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ model: "scripted", messages: [{ role: "user", content }] }),
      }).then((response) => response.json()) });
    }, SLOW);
    await page.getByRole("rowheader", { name: "scripted" }).waitFor();
    await accessible(page);
    await shot(page, "running");
    await button(/Stop this answer/).click();
    await page.getByText("No answer is running.").waitFor();
    const ended = await page.evaluate(() => Reflect.get(globalThis, "answer"));
    assert.equal(ended.error.code, "cancelled");
  });

  test("the audit log is looked through, checked and taken along", async () => {
    await go("Audit log");
    await page.getByRole("cell", { name: "answer.stop" }).waitFor();
    await page.getByLabel("Action").fill("user");
    await button("Look").click();
    await page.getByRole("cell", { name: "answer.stop" }).waitFor({ state: "detached" }); // the others were there before
    await page.getByRole("cell", { name: "user.delete" }).first().waitFor();
    await page.getByLabel("To", { exact: true }).fill("nobody like it");
    await button("Look").click();
    await page.getByText("No entry is like that.").waitFor();
    await page.getByLabel("To", { exact: true }).fill("");
    await button("Look").click();
    await button("Check").click();
    await page.getByText(/entries are as they were written/).waitFor();
    await accessible(page);
    await shot(page, "audit");
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Export" }).click();
    assert.match(readFileSync(await (await download).path(), "utf8"), /user\.delete/);
    page.quiet();
  });
}
