// A card for each GPU: its memory, what it measures with lines of the last minutes, its link, what holds it down.

import { html, svg } from "../../lib/lit-html/lit-html.js";
import { bytes, number } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { missing, spark, value } from "./readings.js";

/** @typedef {import("./readings.js").Device} Device */

/** What is shown of a GPU: metric, unit, and the metric that bounds it. @type {[string, string, string?][]} */
const READINGS = [
  ["core_celsius", "°C", "slowdown_celsius"],
  ["memory_celsius", "°C", "memory_max_celsius"],
  ["power_watts", "W", "power_limit_watts"],
  ["sm_megahertz", "MHz", "sm_max_megahertz"],
  ["busy_percent", "%"],
  ["fan_percent", "%"],
];

/** Of others than GPUs. @type {[string, string, string?][]} */
export const OTHERS = [
  ["celsius", "°C", "critical_celsius"],
  ["power_watts", "W"],
  ["fan_rpm", "rpm"],
  ["volts", "V"],
  ["amperes", "A"],
];

/** The metrics whose past is shown. */
export const WITH_PAST = READINGS.map(([metric]) => metric);

/**
 * A value with its line; where there is none, why.
 * @param {Device} device @param {[string, string, string?]} what @param {import("./readings.js").Trail} trail @param {number} spanMs
 */
export function reading(device, [metric, unit, bound], trail, spanMs) {
  const now = value(device, metric);
  const why = missing(device, metric);
  if (now === undefined && why === undefined) return "";
  const most = bound ? value(device, bound) : undefined;
  const line = spark(trail.of(device.id, metric), spanMs, most);
  const digits = unit === "V" || unit === "A" ? 2 : 0;
  const words = now === undefined ? html`<span class="faint">${why}</span>`
    : html`<span><b>${number(now, digits)} ${unit}</b>${most === undefined ? "" : html` ${say("hardware.of", { n: number(most, digits) })}`}</span>`;
  return html`<div class="reading"><div><span>${say(`hardware.${metric}`)}</span>${words}</div>
    <svg class="spark" viewBox="0 0 100 28" preserveAspectRatio="none" aria-hidden="true">${line.limit === undefined ? "" : svg`<line class="limit" x1="0" x2="100" y1=${line.limit} y2=${line.limit}></line>`}
    <path d=${line.path}></path></svg></div>`;
}

/** @param {Device} device @param {import("./readings.js").Trail} trail @param {number} spanMs @param {{level: string, why: string} | undefined} guard */
export function gpu(device, trail, spanMs, guard) {
  const id = `gpu-${device.id}`;
  const held = guard && guard.level !== "normal";
  return html`<section class="card" aria-labelledby=${id}><header class="card-head">${icon("cpu")}<h2 class="grow" id=${id}>${device.name}</h2>
    ${held ? html`<span class="badge ${guard.level === "warn" ? "badge-warn" : "badge-bad"}">${say(`guard.${guard.level}`)}</span>` : ""}</header>
    <div class="card-body">${memory(device)}<div class="readings">${READINGS.map((what) => reading(device, what, trail, spanMs))}</div>
    ${held ? html`<p class="small">${guard.why}</p>` : ""}
    ${device.event_reasons?.length ? html`<p class="small soft">${say("hardware.held", { why: device.event_reasons.join(", ") })}</p>` : ""}</div>
    <footer class="card-foot small faint num">${facts(device).map((fact, at) => html`${at ? " · " : ""}${fact}`)}</footer></section>`;
}

/** @param {Device} device */
function memory(device) {
  const total = value(device, "memory_total_bytes");
  const used = value(device, "memory_used_bytes");
  if (total === undefined || used === undefined || total <= 0) return "";
  const share = Math.min(100, 100 * used / total);
  return html`<div class="stack-8"><div class="legend"><span><svg class="key" aria-hidden="true"><rect class="fill-1"></rect></svg>${say("hardware.memory.used", { n: bytes(used), of: bytes(total) })}</span></div>
    <svg class="bar" role="img" aria-label=${say("percent", { n: Math.round(share) })}>${svg`<rect class="fill-1" width=${`${share}%`}></rect>`}</svg></div>`;
}

/** What stands below: where it is, its link, its errors. @param {Device} device */
function facts(device) {
  /** @type {unknown[]} */
  const all = device.address ? [html`<span class="mono">${device.address}</span>`] : [];
  const generation = value(device, "pcie_generation");
  const lanes = value(device, "pcie_lanes");
  if (generation !== undefined && lanes !== undefined) {
    const most = value(device, "pcie_max_lanes");
    all.push(most !== undefined && most > lanes ? html`<span class="bad">${say("hardware.link.narrow", { g: generation, n: lanes, of: most })}</span>` : `PCIe ${generation}.0 x${lanes}`);
  }
  const errors = value(device, "ecc_uncorrected_count");
  if (errors !== undefined) all.push(html`<span class=${errors ? "bad" : ""}>${say("hardware.ecc", { n: number(errors) })}</span>`);
  const xid = value(device, "xid_last_number");
  if (xid !== undefined) all.push(html`<span class="bad">Xid ${xid}</span>`);
  return all;
}
