// Who looks at the page, and what the box says of itself. Asked for once.

import { ask } from "./api.js";

/**
 * @typedef {{
 *   name: string | undefined,
 *   admin: boolean,
 *   accounts: boolean,
 *   airGap: boolean,
 *   version: string,
 * }} Me
 *   `name` is there where somebody is signed in
 */

/** @type {Promise<Me> | undefined} */
let known;

/** @returns {Promise<Me>} */
export function whoAmI() {
  known ??= find();
  return known;
}

/** @returns {Promise<Me>} */
async function find() {
  const [state, version] = await Promise.all([ask("GET", "/auth"), ask("GET", "/version")]);
  const box = { accounts: Boolean(state.accounts), airGap: Boolean(version.air_gap), version: String(version.version) };
  if (!box.accounts) return { ...box, name: undefined, admin: true };
  const me = await ask("GET", "/auth/me", undefined, { stayHere: true }).catch(() => undefined);
  return { ...box, name: me?.user?.name ?? me?.name, admin: me?.user?.role === "admin" };
}
