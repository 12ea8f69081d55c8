// A box from its first start on: set up over its own certificate, and then models come, change and go.

import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { accessible, becomes, none, open, shot } from "./browser.mjs";
import { finder, steps } from "./steps.mjs";

const url = process.env.SOLEBOX_BOX_URL ?? "https://127.0.0.1:8443";
const hub = process.env.SOLEBOX_HUB_URL ?? "";
const file = process.env.SOLEBOX_MODEL_FILE ?? "";
const PASSWORD = "violet otter lamp";

// Nobody has told this browser of the box's authority, which is how a first visit is.
const page = await open({ ignoreHTTPSErrors: true, expects: [/status of 400/, /status of 409/, /status of 401/] });

const test = steps("box", page);
const { button, dialog, field, go, menu } = finder(page);
const shelf = (/** @type {string} */ name) => page.getByRole("region", { name: "Here", exact: true }).locator("li").filter({ has: page.getByText(name, { exact: true }) });
const works = page.getByRole("region", { name: "Being done" });

test("a box is set up over its own certificate", async () => {
  await page.goto(`${url}/setup`);
  await field("Code").fill(process.env.SOLEBOX_BOX_CODE ?? "");
  await field("Name").fill("root");
  await field("Password").fill(PASSWORD);
  await page.getByLabel("Password again").fill(PASSWORD);
  await button("Make the account").click();
  await page.getByText("root is the first administrator, and signed in here.").waitFor();
  const shown = (await page.locator(".fingerprint").textContent())?.replace(/[^0-9A-F]/gi, "").toUpperCase();
  await button("They are equal").click();
  await becomes(() => page.locator(".step-done").count(), 3); // all but the air gap, which is for the next start
  await page.getByText("solebox serve --air-gap", { exact: true }).waitFor();
  await accessible(page);
  await shot(page, "setup-tls");

  await page.getByRole("link", { name: "How other devices trust it" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "solebox-ca.crt" }).click();
  const authority = new X509Certificate(readFileSync(await (await download).path()));
  assert.equal(authority.fingerprint256.replaceAll(":", ""), shown);
  assert.ok(authority.ca);
});

test("the catalogue says what fits, and what is chosen comes", async () => {
  await page.goto(`${url}/desk#models`);
  const row = page.getByRole("row").filter({ hasText: "SmolLM2 135M" });
  await row.getByText("Fits").waitFor(); // the machine is measured first
  assert.match((await row.getByRole("cell").nth(5).textContent()) ?? "", /^≈ \d/);
  const all = await page.getByRole("row").count();
  await page.getByRole("switch", { name: "Fits" }).click();
  await becomes(async () => (await page.getByRole("row").count()) > all, true); // some do not fit here
  await page.getByRole("switch", { name: "Fits" }).click();
  await page.getByRole("group", { name: "For", exact: true }).getByRole("button", { name: "embedding" }).click();
  await row.waitFor({ state: "hidden" });
  await accessible(page); // of a short table: it looks at each cell
  await page.getByRole("group", { name: "For", exact: true }).getByRole("button", { name: "All" }).click();
  await shot(page, "catalogue");
  await row.getByRole("button", { name: /^Pull / }).click();
  await page.getByRole("status").getByText(/SmolLM2.* is here/).waitFor();
  await shelf("bartowski/SmolLM2-135M-Instruct-GGUF:Q4_K_M").waitFor();
  await row.getByText("Here", { exact: true }).waitFor();
});

test("a machine is planned of which only the parts are named", async () => {
  await go("Planner");
  await field("Model, of here or the catalogue, or shape as 13b").fill("13b");
  await field("Quantization").fill("Q4_K_M");
  await field("Cards, with commas").fill("V1000");
  await button("Plan").click();
  await page.getByText("There is no card 'V1000' in the tables.").waitFor();
  await field("Cards, with commas").fill("V100-SXM2-16GB");
  await field("Wanted tokens/s").fill("400");
  await button("Plan").click();
  await page.getByRole("status").getByText("It fits.").waitFor();
  await page.getByText(/^Impossible: 400 tok\/s needs \d+ % of the bandwidth/).waitFor();
  await page.getByRole("region", { name: "Money" }).getByText("paid for itself after").waitFor();
  await accessible(page);
  await shot(page, "plan");
  await go("Models");
});

test("a plan is told in the language of the page, with its reasons", async () => {
  const told = {
    de: ["Es passt.", "Bandbreite durch Bytes eines Tokens", /^Unmöglich: 400 tok\/s brauchen \d+ % der Bandbreite/],
    zh: ["放得下。", "带宽除以每 token 字节数", /^不可能:400 tok\/s 需要带宽的 \d+ %/],
  };
  for (const [language, [fits, reason, impossible]] of Object.entries(told)) {
    await page.evaluate((name) => localStorage.setItem("language", name), language);
    await page.goto(`${url}/desk#plan`);
    await page.reload();
    await page.locator(`html[lang=${language}]`).waitFor();
    await page.locator("#plan-model").fill("13b");
    await page.locator("#plan-quantization").fill("Q4_K_M");
    await page.locator("#plan-cards").fill("V100-SXM2-16GB");
    await page.locator("#plan-wanted").fill("400");
    await page.locator("form button.btn-primary").click();
    await page.getByRole("status").getByText(fits).waitFor();
    await page.getByText(reason, { exact: true }).first().waitFor();
    await page.getByText(impossible).waitFor();
    await accessible(page);
    await shot(page, `plan-${language}`);
  }
  await page.evaluate(() => localStorage.removeItem("language"));
  await page.goto(`${url}/desk#models`);
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Models", exact: true }).waitFor();
});

test("a pull is stopped, and goes on where it was", async () => {
  await button("Pull a model").first().click();
  await dialog.getByRole("textbox").fill("hf.co/box/slow-GGUF");
  await dialog.getByRole("button", { name: "Pull" }).click();
  await works.getByText(/1.0 MiB of 3.4 MiB/).waitFor();
  await accessible(page);
  await shot(page, "pull");
  await button("Stop hf.co/box/slow-GGUF").click();
  await works.getByText("stopped; what has come is kept").waitFor();
  await fetch(`${hub}/go-on`);
  await button("Go on with hf.co/box/slow-GGUF").click();
  await shelf("box/slow-GGUF:Q8_0").waitFor();
  await works.waitFor({ state: "hidden" });

  await button("Pull a model").first().click();
  await dialog.getByRole("textbox").fill("hf.co/box/none");
  await dialog.getByRole("button", { name: "Pull" }).click();
  await works.getByRole("alert").waitFor();
  await button("Close hf.co/box/none").click();
  await works.waitFor({ state: "hidden" });
});

test("a file becomes a model, and that a smaller one", async () => {
  const chooser = page.waitForEvent("filechooser");
  await button("Import a file").click();
  await (await chooser).setFiles(file);
  await dialog.getByRole("textbox").fill("mine");
  await dialog.getByRole("button", { name: "Import" }).click();
  await shelf("mine").waitFor();

  await menu("box/slow-GGUF:Q8_0", "Quantize");
  await dialog.getByText(/in Q8_0 already/).waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await menu("mine", "Quantize");
  await dialog.getByLabel("Quantization").selectOption("Q8_0");
  await becomes(() => dialog.getByLabel("Name").inputValue(), "mine:q8_0");
  await dialog.getByLabel("Name").fill("mine:small");
  await accessible(page);
  await dialog.getByRole("button", { name: "Quantize" }).click();
  await shelf("mine:small").waitFor();
});

test("models are pinned, loaded, used and deleted", async () => {
  await menu("mine", "Pin: nobody removes it");
  await shelf("mine").getByText("Pinned").waitFor();
  await button("More for mine").click();
  await page.getByRole("menuitem", { name: "Unpin" }).waitFor();
  assert.equal(await page.getByRole("menuitem", { name: "Delete" }).count(), 0); // which is what pinning is for
  await page.getByRole("menuitem", { name: "Unpin" }).click();
  await shelf("mine").getByText("Pinned").waitFor({ state: "hidden" });

  await button("Load mine").click();
  await shelf("mine").getByText("Loaded").waitFor();
  await page.getByRole("group", { name: "Show" }).getByRole("button", { name: "Loaded" }).click();
  await shelf("box/slow-GGUF:Q8_0").waitFor({ state: "hidden" });
  const size = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 800 });
  await shot(page, "models-narrow");
  if (size) await page.setViewportSize(size);
  await button("Unload mine").click();
  await page.getByRole("group", { name: "Show" }).getByRole("button", { name: "In the store" }).click();
  await shelf("mine").getByText("On disk").waitFor();

  await menu("mine", "Delete");
  await shelf("mine").waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Undo" }).click();
  await shelf("mine").waitFor();
  await menu("mine:small", "Delete");
  await page.getByRole("status").getByText("mine:small is removed").waitFor();
  await page.reload(); // what can be taken back for a moment is done when one leaves
  await shelf("mine").waitFor();
  await none(shelf("mine:small"));
});

test("the box says how it was started", async () => {
  await go("Server");
  await page.getByRole("rowheader", { name: "Encryption", exact: true }).waitFor();
  await page.getByRole("cell", { name: "own authority" }).waitFor();
  await accessible(page);
  await shot(page, "settings");
});

test("the air gap is proved, and the proof taken along", async () => {
  await go("Air gap");
  await page.getByText("Connect to an address on the network").waitFor();
  await button("Prove it now").click();
  await page.getByText(/Every way out is tried/).waitFor();
  await page.getByText(/^All \d+ ways are held/).waitFor({ timeout: 180_000 });
  const way = page.getByRole("row").filter({ hasText: "TCP to 127.0.0.1, by Java" });
  await way.getByText("held", { exact: true }).waitFor();
  await way.getByText(/went through/).waitFor();
  await shot(page, "airgap");
  const download = page.waitForEvent("download");
  await button("Save the signed proof").click();
  const proof = JSON.parse(readFileSync(await (await download).path(), "utf8"));
  assert.equal(proof.kind, "solebox.airgap.1");
});

test("receipts are verified", async () => {
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
  await page.getByText("solebox replay receipt.json --prompt request.json").waitFor();
  await accessible(page);
  await shot(page, "receipts");
  await page.locator("#receipt").fill(JSON.stringify({ ...receipt, time: "2020-01-01T00:00:00Z" }));
  await button("Verify").click();
  await page.getByText("This receipt proves nothing").waitFor();
  page.quiet();
});
