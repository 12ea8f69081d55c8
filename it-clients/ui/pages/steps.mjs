// Steps of one way through the pages, as one person clicks through it.

import { createHmac } from "node:crypto";
import { test } from "node:test";
import { shot } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

/**
 * What registers steps: behind one that has failed there is nothing to see.
 * @param {string} name of the way
 * @param {Page} page of which a picture is kept where a step fails
 */
export function steps(name, page) {
  let broken = false;
  return (/** @type {string} */ step, /** @type {() => Promise<void>} */ work) => test(step, async (context) => {
    if (broken) return context.skip("a step before it has failed");
    broken = true;
    await work().catch((error) => shot(page, `failed-${name}`).then(() => { throw error; }));
    broken = false;
  });
}

/** What one finds on a page. @param {Page} page */
export const finder = (page) => ({
  dialog: page.getByRole("dialog"),
  button: (/** @type {string | RegExp} */ name) => page.getByRole("button", { name, exact: typeof name === "string" }),
  card: (/** @type {string} */ name) => page.getByRole("region", { name, exact: true }),
  field: (/** @type {string} */ label) => page.getByLabel(label, { exact: true }),
  /** A page of the desk. */
  go: async (/** @type {string} */ name) => {
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
  },
  menu: async (/** @type {string} */ name, /** @type {string} */ word) => {
    await page.getByRole("button", { name: `More for ${name}`, exact: true }).click();
    await page.getByRole("menuitem", { name: word, exact: true }).click();
  },
});

/** @typedef {ReturnType<typeof finder>} Finder */

export async function signOut(/** @type {Page} */ page) {
  await page.getByRole("button", { name: "Account menu" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
}

/**
 * The code that an authenticator app shows (RFC 6238).
 * @param {string} secret
 * @param {number} later how many steps of 30 seconds: no code is taken twice
 */
export function totp(secret, later = 0) {
  const bits = [...secret.replace(/\s|=/g, "")].map((digit) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(digit).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g)?.map((byte) => parseInt(byte, 2)) ?? []);
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + later));
  const hash = createHmac("sha1", key).update(counter).digest();
  const at = (hash[19] ?? 0) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1e6).padStart(6, "0");
}

/** Gives a page a device that makes passkeys, and whose owner agrees at once. @param {Page} page */
export async function giveDevice(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", { options: {
    protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true,
  } });
}
