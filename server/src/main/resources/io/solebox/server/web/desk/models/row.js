// One model: its state, its memory, and what can be done with it.

import { html, svg } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { bytes, duration, short } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { keep, tellChoice } from "../../base/kept.js";
import { openMenu } from "../../base/menu.js";
import { toast } from "../../base/toast.js";
import { say } from "../../base/words.js";
import { press } from "../parts/forms.js";
import { stackedBar } from "./memory.js";

/** @typedef {import("./models.js").Model} Model */
/** @typedef {import("./models.js").Device} Device */

const LAMPS = /** @type {Record<string, string>} */ ({ ready: "lamp-on", loading: "lamp-live", failing: "lamp-warn", failed: "lamp-bad", unloaded: "" });
const KINDS = /** @type {Record<string, string>} */ ({ ready: "badge-accent", failing: "badge-warn", failed: "badge-bad" });

/** A name as it stands in a path, with its slashes. @param {string} name */
export const inPath = (name) => name.split("/").map(encodeURIComponent).join("/");

/** A new chat with a model, which the chat's page remembers. @param {string} name */
async function chatWith(name) {
  keep("model", name);
  await tellChoice({ model: name });
  location.assign("/");
}

/**
 * @param {import("../main.js").Place} place
 * @param {() => Promise<void>} reload
 * @param {import("./works.js").Works} work
 */
export function modelRow(place, reload, work) {
  /** @type {Set<string>} those that are being removed, unless somebody takes it back */
  const going = new Set();

  /** @param {string} path @param {string} name */
  const change = (path, name) => async () => {
    await ask("POST", path, { model: name });
    await reload();
  };
  /** @param {string} path @param {string} name */
  const inMenu = (path, name) => () => { change(path, name)().catch(place.complain); };

  /** @param {Model} model */
  function remove(model) {
    going.add(model.name);
    place.redraw();
    const stay = () => { going.delete(model.name); place.redraw(); };
    toast(say("model.removed", { name: model.name }), {
      undo: stay,
      then: () => ask("DELETE", `/v1/models/${inPath(model.name)}`).then(reload).catch(place.complain).finally(stay),
    });
  }

  /** @param {Model} model */
  const menu = (model) => (/** @type {Event} */ event) => openMenu(/** @type {HTMLElement} */ (event.currentTarget), [
    { word: say("nav.chat"), icon: "message-square", run: () => chatWith(model.name) },
    ...(model.kept ? [
      model.keeps
        ? { word: say("model.unpin"), icon: /** @type {const} */ ("pin-off"), run: inMenu("/v1/models/unpin", model.name) }
        : { word: say("model.pin"), icon: /** @type {const} */ ("pin"), run: inMenu("/v1/models/pin", model.name) },
      { word: say("model.quantize"), icon: /** @type {const} */ ("layers"), run: () => work.quantize(model) },
      ...(model.keeps ? [] : [{ word: say("delete"), icon: /** @type {const} */ ("trash-2"), danger: true, run: () => remove(model) }]),
    ] : []),
  ]);

  /** @param {Model} model @param {Device[]} devices */
  function memory(model, devices) {
    const holds = model.holds ?? [];
    if (!holds.length) return model.bytes ? html`<span class="soft num">${bytes(model.bytes)}</span>` : "";
    const capacity = devices.filter((device) => holds.some((holding) => holding.device === device.device)).reduce((total, device) => total + device.capacity_bytes, 0);
    const weights = holds.reduce((total, holding) => total + holding.weight_bytes, 0);
    const state = holds.reduce((total, holding) => total + holding.state_bytes, 0);
    const words = say("model.holds", { weights: bytes(weights), state: bytes(state) });
    return html`${stackedBar([{ kind: "fill-1", share: weights / capacity }, { kind: "fill-3", share: state / capacity }], words)}<span class="small soft num">${words}</span>`;
  }

  /** @param {Model} model */
  function progress(model) {
    if (model.state !== "loading") return model.code ? html`<p class="small bad wide">${model.code}</p>` : "";
    const done = model.fraction ?? 0;
    return html`<div class="wide stack-8"><svg class="bar bar-thin" role="img" aria-label=${say("percent", { n: Math.round(100 * done) })}>${svg`<rect class="fill-2" width=${`${100 * done}%`}></rect>`}</svg>
      <span class="small soft">${model.stage} · ${say("percent", { n: Math.round(100 * done) })}</span></div>`;
  }

  /** @param {Model} model */
  const about = (model) => [
    model.format, model.architecture, model.parameters ? say("model.parameters", { n: short(model.parameters) }) : "",
    model.kept ? "" : say("model.started"), model.unloads_in_seconds !== undefined ? say("model.leaves", { time: duration(model.unloads_in_seconds * 1000) }) : "",
  ].filter(Boolean).join(" · ");

  return {
    /** @param {string} name */
    isGoing: (name) => going.has(name),
    /** @param {Model} model @param {Device[]} devices */
    view: (model, devices) => html`<li><div class="about"><div class="name"><b class="cut">${model.name}</b>
        <span class="badge ${KINDS[model.state] ?? ""}"><span class="lamp ${LAMPS[model.state] ?? ""}"></span>${say(`model.${model.state}`)}</span>
        ${model.keeps ? html`<span class="badge">${icon("pin")}${say("model.pinned")}</span>` : ""}</div><p class="meta">${about(model)}</p></div>
      <div class="fit stack-8">${memory(model, devices)}</div>
      <div class="act">${model.state === "unloaded" || model.state === "failed"
        ? html`<button class="btn" @click=${press(place.complain, change("/v1/models/load", model.name))} aria-label=${say("model.load.named", { name: model.name })}>${say("model.load")}</button>`
        : html`<button class="btn" @click=${press(place.complain, change("/v1/models/unload", model.name))} aria-label=${say("model.unload.named", { name: model.name })}>${say(model.state === "loading" ? "stop" : "model.unload")}</button>`}
        <button class="btn btn-quiet btn-icon" aria-haspopup="menu" aria-label=${say("more.named", { name: model.name })} @click=${menu(model)}>${icon("ellipsis")}</button></div>
      ${progress(model)}</li>`,
  };
}
