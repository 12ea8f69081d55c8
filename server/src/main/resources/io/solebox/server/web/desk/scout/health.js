// How the scout itself is: where it asks, what goes out, what waits there and why.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { moment } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { toast } from "../../base/toast.js";
import { say } from "../../base/words.js";
import { card, row } from "../parts/card.js";
import { press } from "../parts/forms.js";
import { nothingThere } from "../parts/loads.js";
import { since } from "./values.js";

/**
 * @typedef {import("./values.js").Scout} Scout
 * @typedef {import("./values.js").Source} Source
 * @typedef {import("./values.js").Channel} Channel
 */

/** Of what a channel did not take, so much is shown. */
const MOST_REFUSED = 3;

/**
 * @param {import("../main.js").Place} place
 * @param {() => Promise<void>} reload
 * @param {(target: import("./mutes.js").Target) => unknown} mute
 */
export function health(place, reload, mute) {
  /** @param {string} channel */
  async function resume(channel) {
    await ask("POST", "/admin/scout/resume", { channel });
    toast(say("scout.resumed", { name: channel }));
    await reload();
  }

  /** @param {Source} source */
  const line = (source) => html`<tr><th scope="row">${source.site}<div class="small faint">${source.market}</div></th><td><bdi>${source.words || say("scout.source.all")}</bdi>${source.watch ? html`<div class="small faint">${source.watch}</div>` : ""}</td>
    <td>${since(source.asked)}</td><td>${since(source.due)}</td>
    <td>${source.problem ? html`<span class="badge badge-warn">${say("scout.source.failed", { n: source.failures })}</span><div class="small soft">${source.problem}</div>` : html`<span class="badge badge-good">${say("scout.source.fine")}</span>`}</td></tr>`;

  /** @param {Scout} scout */
  const sources = ({ sources: all, markets, quota }) => card("scout-sources", say("scout.sources"), html`
    ${markets.map((each) => html`<div class="card-body"><div class="notice notice-warn">${icon("triangle-alert")}<div><p><b>${say("scout.closed", { name: each.name })}</b></p><p>${each.why}</p><p class="soft">${each.remedy}</p></div></div></div>`)}
    ${all.length ? html`<div class="table-wrap" tabindex="0" role="group" aria-label=${say("scout.sources")}><table class="table"><thead><tr><th scope="col">${say("scout.site")}</th><th scope="col">${say("scout.words")}</th>
      <th scope="col">${say("scout.asked")}</th><th scope="col">${say("scout.due")}</th><th scope="col">${say("scout.state")}</th></tr></thead><tbody>${all.map(line)}</tbody></table></div>` : nothingThere(say("scout.sources.none"))}
    ${quota.length ? html`<footer class="card-foot small faint">${quota.map((each) => html`<div>${say("scout.quota", { pool: each.pool, used: each.used, allowed: each.allowed, time: moment(each.resets * 1000) })}</div>`)}</footer>` : ""}`);

  const LAMPS = /** @type {const} */ ({ open: "lamp-on", pausing: "lamp-warn", stopped: "lamp-bad" });

  /** @param {Channel} channel */
  const about = (channel) => html`${[
    say(`scout.channel.${channel.state}`),
    channel.waiting ? say("scout.channel.waits", { n: channel.waiting }) : say("scout.channel.empty"),
    channel.refused.length ? say("scout.channel.refused", { n: channel.refused.length }) : "",
  ].filter(Boolean).join(" · ")}${channel.accepted ? html` · ${say("scout.channel.last")} ${since(channel.accepted)}` : ""}
    ${channel.refused.slice(0, MOST_REFUSED).map((each) => html`<div>${since(each.at)}: ${each.why}</div>`)}
    ${channel.why ? html`<div>${channel.why}</div>` : ""}${channel.remedy ? html`<div>${channel.remedy}</div>` : ""}`;

  /** @param {Scout} scout */
  const channels = ({ channels: all }) => card("scout-channels", say("scout.channels"), all.length ? html`<ul class="lines card-lines">${all.map((channel) => row(
    html`<span class="row"><span class="lamp ${LAMPS[channel.state]}"></span>${channel.name}</span>`, about(channel),
    channel.state === "stopped" ? html`<button class="btn btn-small" aria-label=${say("scout.resume.named", { name: channel.name })} @click=${press(place.complain, () => resume(channel.name))}>${icon("play")}${say("scout.resume")}</button>` : ""))}</ul>` : nothingThere(say("scout.channels.none")));

  /** @param {Scout} scout */
  function watches({ choices, sources: all }) {
    const names = [...new Set([...choices.watches.map((each) => each.name), ...all.map((each) => each.watch)])].filter(Boolean).sort();
    if (!names.length) return "";
    return card("scout-watches", say("scout.watches"), html`<ul class="lines card-lines">${names.map((name) => row(name, say("scout.watch.things", { n: choices.watches.find((each) => each.name === name)?.things ?? 0 }),
      mute({ what: "watch", of: name, name: say("scout.mute.watch", { name }) })))}</ul>`);
  }

  return {
    /** @param {Scout} scout */
    view: (scout) => html`<div class="grid">${watches(scout)}${channels(scout)}</div>${sources(scout)}`,
  };
}
