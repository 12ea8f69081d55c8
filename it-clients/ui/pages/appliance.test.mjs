// The first boot of an appliance: the code of its screen, each step, on a phone and at a desk, in three languages.

import { readFileSync, readdirSync } from "node:fs";
import assert from "node:assert/strict";
import { accessible, open, shot } from "./browser.mjs";
import { finder, steps } from "./steps.mjs";

const url = process.env.SOLEBOX_APPLIANCE_URL ?? "";
/** The data folder of the appliance, in which there is a machine that nobody changes. */
const home = process.env.SOLEBOX_APPLIANCE_HOME ?? "";
const PHONE = { width: 390, height: 844 };

const code = () => JSON.parse(readFileSync(`${home}/server/screen.json`, "utf8")).code;

const page = await open({ expects: [/status of 40[0-9]/], viewport: PHONE, ignoreHTTPSErrors: true });
const test = steps("appliance", page);
const { button, field } = finder(page);

/** @param {string} name */
const step = (name) => page.getByRole("heading", { level: 1, name }).waitFor();

test("nobody gets in without the code of the screen", async () => {
  await page.goto(`${url}/`);
  await step("Set up this box");
  await field("Pairing code").fill("AAAAA-AAAAA");
  await button("Begin").click();
  await page.getByRole("alert").waitFor();
  await accessible(page);
  await shot(page, "appliance-code-phone");
});

test("a code that was scanned with the address is filled in, and stands in no address any more", async () => {
  await page.goto("about:blank");
  await page.goto(`${url}/setup#${code()}`);
  await step("Set up this box");
  assert.equal(new URL(page.url()).hash, "");
  await button("Begin").click();
  await step("Language");
  await page.getByLabel("Language", { exact: true }).and(page.locator("select")).selectOption("de");
  await page.getByRole("heading", { level: 1, name: "Sprache" }).waitFor();
  await shot(page, "appliance-language-phone");
  await page.locator("#language").selectOption("zh");
  await page.getByRole("heading", { level: 1, name: "语言" }).waitFor();
  await page.locator("#language").selectOption("en");
  await step("Language");
  await button("Go on").click();
  await step("Administrator");
});

test("what was taken is there when the page is loaded again", async () => {
  await field("Name").fill("root");
  await field("Password").fill("violet otter lamp");
  await page.getByLabel("Password again").fill("violet otter lamp");
  await button("Go on").click();
  await step("Certificate");
  await page.reload();
  await step("Language");
  await button("Go on").click();
  await step("Administrator");
  await page.getByText("root", { exact: true }).waitFor();
  await button("Go on").click();
  await step("Certificate");
  await accessible(page);
  await shot(page, "appliance-certificate-phone");
});

test("a wrong address is told where it stands", async () => {
  await button("Go on").click();
  await step("Network");
  await field("Connection").selectOption("static");
  await field("Address").fill("192.168.7.20");
  await button("Go on").click();
  await page.getByRole("alert").waitFor();
  await accessible(page);
  await shot(page, "appliance-network-phone");
  await field("Address").fill("192.168.7.20/24");
  await page.setViewportSize({ width: 1280, height: 800 });
  await button("Go on").click();
  await step("Air gap");
  assert.equal(await page.getByRole("switch").isChecked(), true);
  await shot(page, "appliance-airgap-desk");
});

test("a second browser is told that another is at it", async () => {
  const second = await open({ ignoreHTTPSErrors: true });
  await second.goto(`${url}/setup`);
  await second.getByText("Another browser sets this box up already.").waitFor();
  await second.context().close();
});

test("the end makes the administrator and says where the box is then", async () => {
  await button("Go on").click();
  await step("Summary");
  await page.getByText("Fixed address · 192.168.7.20/24").waitFor();
  await shot(page, "appliance-summary-desk");
  await button("Finish").click();
  await step("The box has a new address");
  const to = await page.getByRole("link", { name: "192.168.7.20" }).getAttribute("href");
  assert.match(to ?? "", /^https:\/\/192\.168\.7\.20:\d+\/setup\?found=[0-9a-f]{32}$/);
  await shot(page, "appliance-moves-desk");
  const asked = readdirSync(`${home}/host/requests`).filter((name) => name.endsWith(".json"));
  assert.equal(asked.length, 3); // the name and the zone beside the network; the gap is as it was
  await page.goto(`${url}/setup`);
  await page.waitForURL(/\/(signin.*)?$/);
});
