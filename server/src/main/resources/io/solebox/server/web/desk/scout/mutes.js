// What nothing is told of: how it is muted, and how it is told of again.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { moment } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { openMenu } from "../../base/menu.js";
import { toast } from "../../base/toast.js";
import { say } from "../../base/words.js";
import { card, row } from "../parts/card.js";
import { press } from "../parts/forms.js";

/**
 * @typedef {import("./values.js").Thing} Thing
 * @typedef {import("./values.js").Mute} Mute
 * @typedef {{what: Mute["what"], of: string, name: string}} Target
 */

const DAY = 24;

/**
 * @param {import("../main.js").Place} place
 * @param {() => Promise<void>} reload
 */
export function muting(place, reload) {
  /** @param {Target} target @param {number} [hours] */
  async function mute({ what, of, name }, hours) {
    try {
      await ask("POST", hours ? "/admin/scout/snooze" : "/admin/scout/mute", { what, of, ...(hours ? { hours } : {}) });
      toast(say(hours ? "scout.snoozed" : "scout.muted", { name }), { undo: () => unmute({ what, of }) });
      await reload();
    } catch (error) {
      place.complain(error);
    }
  }

  /** @param {Pick<Mute, "what" | "of">} each */
  async function unmute({ what, of }) {
    try {
      await ask("POST", "/admin/scout/unmute", { what, of });
      await reload();
    } catch (error) {
      place.complain(error);
    }
  }

  /** @param {Thing} thing @returns {Target[]} */
  const targets = (thing) => [
    { what: "item", of: thing.id, name: say("scout.mute.item") },
    ...(thing.seller_key ? [/** @type {Target} */ ({ what: "seller", of: thing.seller_key, name: say("scout.mute.seller") })] : []),
    ...(thing.card ? [/** @type {Target} */ ({ what: "card", of: thing.card, name: thing.card })] : []),
    ...thing.watches.map((watch) => /** @type {Target} */ ({ what: "watch", of: watch, name: say("scout.mute.watch", { name: watch }) })),
  ];

  /** @param {Thing} thing @returns {import("../../base/menu.js").MenuItem[]} */
  const items = (thing) => [
    ...(thing.mutes.length ? [{ label: say("scout.mutes") }, ...thing.mutes.map((each) => ({ word: say("scout.unmute", { name: title(each) }), icon: /** @type {const} */ ("bell"), run: () => unmute(each) }))] : []),
    { label: say("scout.mute") },
    ...targets(thing).map((target) => ({ word: target.name, icon: /** @type {const} */ ("ban"), run: () => mute(target) })),
    { label: say("scout.snooze") },
    ...[DAY, 7 * DAY].map((hours) => ({ word: say(`scout.snooze.${hours}`), icon: /** @type {const} */ ("clock"), run: () => mute(/** @type {Target} */ (targets(thing)[0]), hours) })),
  ];

  /** @param {Mute} each */
  const title = (each) => (each.what === "item" ? each.title ?? say("scout.mute.item") : each.what === "seller" ? say("scout.mute.seller") : each.what === "watch" ? say("scout.mute.watch", { name: each.of }) : each.of);

  /** @param {Mute} each */
  const until = (each) => (each.until ? say("scout.until", { time: moment(each.until * 1000) }) : say("scout.forever"));

  return {
    /** @param {Thing} thing */
    button: (thing) => html`<button class="btn btn-quiet btn-icon btn-small" aria-haspopup="menu" aria-label=${say("more.named", { name: thing.title })}
      @click=${(/** @type {Event} */ event) => openMenu(/** @type {HTMLElement} */ (event.currentTarget), items(thing))}>${icon("ellipsis")}</button>`,
    /** @param {Target} target */
    quick: (target) => html`<button class="btn btn-quiet btn-small" aria-label=${say("scout.mute.named", { name: target.name })} @click=${press(place.complain, () => mute(target))}>${icon("ban")}${say("scout.mute.do")}</button>`,
    /** @param {Thing} thing */
    badge: (thing) => (thing.mutes.length ? html`<span class="badge" title=${thing.mutes.map((each) => `${title(each)}: ${until(each)}`).join("; ")}>${icon("ban")}${say(thing.mutes.some((each) => each.kept_back) ? "scout.is.snoozed" : "scout.is.muted")}</span>` : ""),
    /** @param {Mute[]} all */
    list: (all) => (all.length ? card("scout-mutes", say("scout.mutes"), html`<ul class="lines card-lines">${all.map((each) => row(html`<bdi>${title(each)}</bdi>`, until(each),
      html`<button class="btn btn-small" aria-label=${say("scout.unmute", { name: title(each) })} @click=${press(place.complain, () => unmute(each))}>${icon("bell")}${say("scout.unmute.do")}</button>`))}</ul>`) : ""),
  };
}
