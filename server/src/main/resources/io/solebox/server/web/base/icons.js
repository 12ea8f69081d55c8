// The icons of all pages: Lucide's, which the server sends as one picture with a symbol for each.

import { html } from "../lib/lit-html/lit-html.js";

const picture = new URL("../icons.svg", import.meta.url).pathname;

/**
 * Those that are used; a test holds that the picture has them.
 * @typedef {"archive" | "archive-restore" | "arrow-down" | "arrow-up" | "ban" | "bell" | "box" | "braces" | "chart-column"
 *   | "check" | "chevron-down" | "chevron-left" | "chevron-right" | "circle-alert" | "circle-check" | "circle-help" | "clock"
 *   | "code" | "columns-2" | "copy" | "cpu" | "database" | "download" | "ellipsis" | "external-link" | "eye" | "eye-off"
 *   | "file" | "file-text" | "file-up" | "fingerprint" | "folder" | "folder-open" | "folder-plus" | "gauge" | "git-branch" | "globe"
 *   | "hard-drive" | "hash" | "history" | "info" | "key-round" | "keyboard" | "languages" | "layers" | "library" | "list" | "list-checks"
 *   | "lock" | "log-out" | "menu" | "message-square" | "message-square-dashed" | "monitor" | "moon" | "network" | "panel-left"
 *   | "paperclip" | "pause" | "pencil" | "pin" | "pin-off" | "play" | "plus" | "power" | "qr-code" | "receipt" | "refresh-cw"
 *   | "rotate-ccw" | "save" | "scale" | "scroll-text" | "search" | "send" | "server" | "settings" | "share-2" | "shield"
 *   | "shield-check" | "sliders-horizontal" | "smartphone" | "sparkles" | "square" | "square-pen" | "star" | "sun" | "sun-moon" | "table" | "tag"
 *   | "terminal" | "text-quote" | "thermometer" | "trash-2" | "triangle-alert" | "undo-2" | "unplug" | "upload" | "user"
 *   | "user-plus" | "users" | "wand-sparkles" | "wrap-text" | "x" | "zap"} IconName
 */

/** Those that point along the line of text, and turn with its direction. */
const FLIPS = new Set(["chevron-left", "chevron-right", "panel-left", "undo-2", "log-out"]);

/**
 * An icon, 16 px, or 20 with `big`. It says nothing to screen readers: the control around it has the label.
 * @param {IconName} name
 * @param {{big?: boolean, kind?: string}} [how] `kind`: further classes
 */
export function icon(name, how = {}) {
  const classes = ["icon", how.big ? "icon-20" : "", FLIPS.has(name) ? "icon-flips" : "", how.kind ?? ""];
  return html`<svg class=${classes.filter(Boolean).join(" ")} viewBox="0 0 24 24" aria-hidden="true"><use href=${`${picture}#${name}`}></use></svg>`;
}
