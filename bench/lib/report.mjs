// The table, for people.
import { cpus, totalmem } from "node:os";

const COLUMNS = [
  ["model", "left", (row) => row.model],
  ["format", "left", (row) => row.format],
  ["test", "left", (row) => row.test],
  ["Solebox tokens/s", "left", (row) => measured(row, "solebox")],
  ["share", "right", (row) => percent(row.bandwidth_share)],
  ["peer tokens/s", "left", (row) => measured(row, "peer") + (row.peer_samples_in_javascript ? " *" : "")],
  ["share", "right", (row) => percent(row.peer_bandwidth_share)],
  ["ratio", "right", (row) => row.ratio.toFixed(2)],
  ["GB/s", "left", (row) => bandwidth(row.bandwidth_bytes_per_second) + (row.void ? " void" : "")],
  ["MB (peer)", "right", (row) => beside(row, "resident_bytes", (bytes) => (bytes / 1e6).toFixed(0))],
  ["load s (peer)", "right", (row) => beside(row, "load_seconds", (seconds) => seconds.toFixed(2))],
];

/** A Markdown table, aligned so that it can be read as it is, and what one must know to read it. */
export function table(rows) {
  const cells = [COLUMNS.map(([title]) => title), ...rows.map((row) => COLUMNS.map(([, , cell]) => cell(row)))];
  const widths = COLUMNS.map((_, i) => Math.max(...cells.map((line) => line[i].length)));
  const line = (texts) => "| " + texts.join(" | ") + " |";
  const pad = (texts) => texts.map((text, i) => (COLUMNS[i][1] === "left" ? text.padEnd(widths[i]) : text.padStart(widths[i])));
  const rule = COLUMNS.map(([, side], i) => (side === "left" ? "-".repeat(widths[i]) : "-".repeat(widths[i] - 1) + ":"));
  const [head, ...body] = cells;
  return [line(pad(head)), line(rule), ...body.map((texts) => line(pad(texts))), "", ...notes(rows)].join("\n");
}

/** Machine, versions and settings, above the table. */
export function heading({ threads, repetitions }, soleboxVersion, rows) {
  const peers = [...new Set(rows.map((row) => row.peer))].join(", ");
  return [
    `${cpus()[0].model.trim()}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    `${soleboxVersion} against ${peers}`,
    `${threads} threads, KV cache F16, flash attention, medians of ${repetitions} runs each (least to greatest), peer and Solebox in turn`,
  ].join("\n");
}

function notes(rows) {
  const notes = [
    "GB/s: read bandwidth between the runs. share: what decode takes of it by reading weights and KV cache.",
    "MB: resident memory with the model's mapped file; of node-llama-cpp without its host, the Node.js process.",
  ];
  if (rows.some((row) => row.peer_samples_in_javascript)) {
    notes.push(
      "*: node-llama-cpp runs JavaScript and a sampler for every token, which costs it about a quarter of what",
      "   llama-bench shows for the same build; so read the share of bandwidth here, and not the ratio.",
    );
  }
  if (rows.some((row) => row.void)) {
    notes.push("void: the bandwidth changed by more than 15 % meanwhile, repeated as it was; a neighbour was busy.");
  }
  return notes;
}

function measured(row, side) {
  return `${number(row[side + "_median"])} (${number(row[side + "_min"])} to ${number(row[side + "_max"])})`;
}

function bandwidth({ median, min, max }) {
  return `${gigabytes(median)} (${gigabytes(min)} to ${gigabytes(max)})`;
}

function number(value) {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

function gigabytes(bytes) {
  return (bytes / 1e9).toFixed(1);
}

function percent(share) {
  return share === null ? "" : Math.round(100 * share) + " %";
}

/** Ours, and the peer's in brackets, as far as they are known. */
function beside(row, field, shown) {
  const [ours, theirs] = [row[`solebox_${field}`], row[`peer_${field}`]];
  return (ours === null ? "" : shown(ours)) + (theirs === null ? "" : ` (${shown(theirs)})`);
}
