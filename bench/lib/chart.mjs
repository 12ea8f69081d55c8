// The same as bars, in SVG, readable on light and dark pages.

const WIDTH = 860;
const LABEL_WIDTH = 130;
const VALUE_WIDTH = 250;
const BAR = 13;
const ROW = 2 * BAR + 13;
const PANEL_HEAD = 34;
const TOP = 58;
const KINDS = [
  [/^pp/, "Prefill, tokens/s"],
  [/^tg/, "Decode, tokens/s, and the share of the read bandwidth"],
  [/^c/, "Clients at once, tokens/s of all together"],
];

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #57606a; }
  .title { font-size: 16px; font-weight: 600; }
  .panel { font-size: 13px; font-weight: 600; }
  .ratio { font-weight: 600; }
  .solebox { fill: #0f7b6c; }
  .peer { fill: #a8b0b9; }
  @media (prefers-color-scheme: dark) {
    text { fill: #b8c0c8; }
    .solebox { fill: #2bb5a0; }
    .peer { fill: #69727c; }
  }`;

/** One panel for each kind of test, each with its own scale. */
export function chart(rows) {
  const peers = [...new Set(rows.map((row) => row.peer))].join(", ");
  const parts = [
    text(0, 18, "Solebox and its peers", "title"),
    bar(0, 30, 12, "solebox"), text(18, 41, "Solebox"),
    bar(90, 30, 12, "peer"), text(108, 41, peers),
  ];
  let y = TOP;
  for (const [pattern, title] of KINDS) {
    const ofKind = rows.filter((row) => pattern.test(row.test));
    if (ofKind.length > 0) {
      parts.push(...panel(y, title, ofKind));
      y += PANEL_HEAD + ofKind.length * ROW;
    }
  }
  if (rows.some((row) => row.peer_samples_in_javascript)) {
    parts.push(text(0, y + 14, "* runs JavaScript and a sampler for every token: about a quarter slower than llama-bench"));
    y += 22;
  }
  const label = "Bar chart: tokens per second of Solebox and of its peers";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 6}" width="${WIDTH}" height="${y + 6}" role="img" aria-label="${label}">`,
    `<style>${STYLE}\n</style>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}

function panel(top, title, rows) {
  const most = Math.max(...rows.flatMap((row) => [row.solebox_median, row.peer_median]));
  const scale = (WIDTH - LABEL_WIDTH - VALUE_WIDTH) / most;
  const parts = [text(0, top + 18, title, "panel")];
  rows.forEach((row, i) => {
    const y = top + PANEL_HEAD + i * ROW;
    parts.push(
      text(0, y + BAR - 2, `${row.model} ${row.format}`),
      text(0, y + 2 * BAR, row.test),
      ...valued(y, row.solebox_median * scale, "solebox", ours(row)),
      ...valued(y + BAR + 1, row.peer_median * scale, "peer", theirs(row)),
    );
  });
  return parts;
}

function valued(y, width, side, label) {
  const ratio = side === "solebox" ? "ratio" : "";
  return [bar(LABEL_WIDTH, y, width, side), text(LABEL_WIDTH + width + 6, y + BAR - 2, label, ratio)];
}

/** Decode says the share first: the ratio to a peer that samples in JavaScript says less. */
function ours(row) {
  const ratio = `${row.ratio.toFixed(2)} x`;
  const share = row.bandwidth_share === null ? "" : `${Math.round(100 * row.bandwidth_share)} % of bandwidth · `;
  return `${rounded(row.solebox_median)} · ${share}${ratio}${row.void ? " (void)" : ""}`;
}

function theirs(row) {
  const share = row.peer_bandwidth_share === null ? "" : ` · ${Math.round(100 * row.peer_bandwidth_share)} %`;
  return rounded(row.peer_median) + share + (row.peer_samples_in_javascript ? " *" : "");
}

function rounded(value) {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

function bar(x, y, width, side) {
  return `<rect class="${side}" x="${x}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2"/>`;
}

function text(x, y, content, style = "") {
  const kind = style === "" ? "" : ` class="${style}"`;
  return `<text${kind} x="${Number(x).toFixed(1)}" y="${y}">${escaped(content)}</text>`;
}

function escaped(content) {
  return content.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
