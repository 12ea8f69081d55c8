// The memory of each device: weights, keys and values, what steps need besides, and what is free.

import { html, svg } from "../../lib/lit-html/lit-html.js";
import { bytes } from "../../base/format.js";
import { say } from "../../base/words.js";
import { card } from "../parts/card.js";

/** @typedef {import("./models.js").Device} Device */

const KINDS = /** @type {const} */ ([["weight_bytes", "fill-1"], ["state_bytes", "fill-3"], ["scratch_bytes", "fill-4"]]);

/** @param {Device} device @param {typeof KINDS[number][0]} kind */
const sum = (device, kind) => device.holdings.reduce((total, holding) => total + holding[kind], 0);

/**
 * A bar in which parts stand one behind the other.
 * @param {{kind: string, share: number}[]} parts
 * @param {string} label
 */
export function stackedBar(parts, label) {
  let from = 0;
  return html`<svg class="bar" role="img" aria-label=${label}>${parts.map(({ kind, share }) => {
    const at = from;
    from += share;
    return svg`<rect class=${kind} x=${`${100 * at}%`} width=${`${100 * share}%`}></rect>`;
  })}</svg>`;
}

/** @param {string} kind @param {string} text */
const legend = (kind, text) => html`<span><svg class="key" aria-hidden="true"><rect class=${kind}></rect></svg>${text}</span>`;

/** @param {Device} device */
function deviceView(device) {
  const used = device.capacity_bytes - device.free_bytes;
  const words = say("memory.used", { used: bytes(used), all: bytes(device.capacity_bytes) });
  return html`<div class="stack-8"><div class="row-wide"><div class="grow"><b>${device.device}</b> <span class="soft">${words}</span></div>
    <div class="legend">${KINDS.map(([kind, fill]) => legend(fill, `${say(`memory.${kind}`)} ${bytes(sum(device, kind))}`))}${legend("fill-free", `${say("memory.free")} ${bytes(device.free_bytes)}`)}</div></div>
    ${stackedBar(KINDS.map(([kind, fill]) => ({ kind: fill, share: sum(device, kind) / device.capacity_bytes })), words)}</div>`;
}

/** @param {Device[]} devices */
export const memoryCard = (devices) => devices.length
  ? card("memory", say("memory.title"), html`<div class="card-body">${devices.filter((device) => device.capacity_bytes > 0).map(deviceView)}</div>`)
  : "";
