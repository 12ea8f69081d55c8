// Who has an account: invited, approved, given a role and a group, disabled, let choose another password, removed.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { askTyped } from "../../base/dialog.js";
import { day } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { openMenu } from "../../base/menu.js";
import { toast } from "../../base/toast.js";
import { say } from "../../base/words.js";
import { card } from "../parts/card.js";
import { loads, nothingThere } from "../parts/loads.js";
import { shownOnce } from "../parts/secret.js";
import { addUser } from "./adduser.js";
import { openCodes } from "./codes.js";
import { showFactors } from "./factors.js";
import { editUser } from "./edituser.js";

/**
 * @typedef {{id: string, name: string, role: string, state: string, group: string | null, limits: string,
 *   password: boolean, created: string}} User
 * @typedef {{name: string, models: string, limits: string, shared_limits: string, keep_days: number | null}} Group
 * @typedef {{users: User[], groups: Group[], signUp: boolean}} People
 */

const STATES = { active: "badge-good", waiting: "badge-warn", disabled: "" };

/** @returns {Promise<People>} */
export async function readPeople() {
  const [users, groups, settings] = await Promise.all([ask("GET", "/admin/users"), ask("GET", "/admin/groups"), ask("GET", "/admin/settings")]);
  return { users: users.data, groups: groups.data, signUp: settings.sign_up };
}

/** @param {string} name */
export const userPath = (name) => `/admin/users/${encodeURIComponent(name)}`;

/** @param {import("../main.js").Place} place @returns {import("../main.js").Part} */
export function part(place) {
  const people = loads(readPeople, place.redraw);
  people.load();
  const codes = openCodes(place);
  let find = "";
  /** @type {{about: string, code: string} | undefined} */
  let code;

  /** @param {User} user @param {Record<string, unknown>} changes */
  async function change(user, changes) {
    try {
      await ask("PATCH", userPath(user.name), changes);
      await people.load();
    } catch (error) {
      place.complain(error);
    }
  }

  /** @param {User} user */
  async function reset(user) {
    try {
      code = { about: say("user.reset.code", { name: user.name }), code: (await ask("POST", `${userPath(user.name)}/reset`)).code };
      codes.load();
    } catch (error) {
      place.complain(error);
    }
    place.redraw();
  }

  /** @param {User} user */
  async function remove(user) {
    const sure = await askTyped(say("user.remove.title", { name: user.name }), {
      text: say("user.remove.about"), word: user.name, action: say("delete"),
    });
    if (!sure) return;
    try {
      await ask("DELETE", userPath(user.name));
      toast(say("user.removed", { name: user.name }));
    } catch (error) {
      place.complain(error);
    }
    await people.load();
  }

  /** @param {User} user */
  const menu = (user) => (/** @type {Event} */ event) => openMenu(/** @type {HTMLElement} */ (event.currentTarget), [
    { word: say("edit"), icon: "pencil", run: () => edit(user) },
    { word: say("user.reset"), icon: "key-round", run: () => reset(user) },
    { word: say("factors"), icon: "shield", run: () => showFactors(user.name) },
    user.state === "disabled"
      ? { word: say("user.enable"), icon: "circle-check", run: () => change(user, { state: "active" }) }
      : { word: say("user.disable"), icon: "ban", run: () => change(user, { state: "disabled" }) },
    { word: say("user.export"), icon: "download", href: `${userPath(user.name)}/export` },
    { word: say("delete"), icon: "trash-2", danger: true, run: () => remove(user) },
  ]);

  /** @param {User} user */
  async function edit(user) {
    await editUser(user, people.data()?.groups ?? []);
    await people.load();
  }

  /** @param {User} user */
  const line = (user) => html`<tr><th scope="row">${user.name}${user.name === place.me.name ? html` <span class="badge badge-accent">${say("you")}</span>` : ""}</th>
    <td>${say(`role.${user.role}`)}</td><td>${user.group ?? html`<span class="faint">–</span>`}</td>
    <td><span class="badge ${STATES[/** @type {keyof typeof STATES} */ (user.state)] ?? ""}">${say(`state.${user.state}`)}</span>
      ${user.state === "waiting" ? html`<button class="btn btn-small" @click=${() => change(user, { state: "active" })}>${say("user.approve")}</button>` : ""}</td>
    <td class="soft">${user.limits || html`<span class="faint">–</span>`}</td><td class="right soft">${day(Date.parse(user.created))}</td>
    <td class="right"><button class="btn btn-quiet btn-icon btn-small" aria-haspopup="menu" aria-label=${say("more.named", { name: user.name })} @click=${menu(user)}>${icon("ellipsis")}</button></td></tr>`;

  /** @param {User[]} users */
  const table = (users) => html`<div class="table-wrap" tabindex="0" role="group" aria-label=${say("desk.users")}><table class="table">
    <thead><tr><th scope="col">${say("name")}</th><th scope="col">${say("role")}</th><th scope="col">${say("group")}</th><th scope="col">${say("state")}</th>
    <th scope="col">${say("limits")}</th><th scope="col" class="right">${say("user.since")}</th><th scope="col"><span class="sr-only">${say("more")}</span></th></tr></thead>
    <tbody>${users.map(line)}</tbody></table></div>`;

  /** @param {People} now */
  function full(now) {
    const shown = now.users.filter((user) => `${user.name} ${user.group ?? ""}`.toLowerCase().includes(find.toLowerCase()));
    return html`${table(shown)}${shown.length ? "" : nothingThere(say("users.none.found"))}`;
  }

  const searchField = () => html`<div class="search grow">${icon("search")}<label class="sr-only" for="find-user">${say("users.find")}</label>
    <input class="input" id="find-user" type="search" placeholder=${say("users.find")} @input=${(/** @type {Event} */ event) => {
      find = /** @type {HTMLInputElement} */ (event.target).value; place.redraw(); }}></div>`;

  const signUp = () => html`<label class="row"><input class="switch" type="checkbox" role="switch" ?disabled=${!people.data()} .checked=${people.data()?.signUp ?? false} @change=${async (/** @type {Event} */ event) => {
    try { await ask("PATCH", "/admin/settings", { sign_up: /** @type {HTMLInputElement} */ (event.target).checked }); } catch (error) { place.complain(error); }
    await people.load();
  }}><span>${say("users.sign.up")}</span></label>`;

  async function add() {
    if (!people.data()) await people.load(); // who is quick is not told that there are no groups
    const made = await addUser(people.data()?.groups ?? []);
    if (made?.code) code = { about: say("user.invite.code"), code: made.code };
    codes.load();
    await people.load();
  }

  return {
    actions: () => html`<button class="btn btn-primary" @click=${add}>${icon("user-plus")}${say("user.add")}</button>`,
    view: () => html`${code ? shownOnce(code.about, code.code, () => { code = undefined; place.redraw(); }) : ""}
      <div class="row-wide">${searchField()}${signUp()}</div>
      ${card("users", say("desk.users"), people.view(full, {
        is: (now) => !now.users.length,
        view: () => nothingThere(say(place.me.accounts ? "users.none" : "users.none.here"), html`<button class="btn btn-primary" @click=${add}>${say("user.add")}</button>`),
      }))}
      ${codes.view()}`,
  };
}
