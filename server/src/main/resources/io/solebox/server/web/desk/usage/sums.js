// Sums of usage: put together, laid out by days, and as CSV.

/** @typedef {Record<string, string | number> & {requests: number, prompt_tokens: number, cached_tokens: number, generated_tokens: number}} Sum */

/** @param {Sum[]} rows */
export function sums(rows) {
  const total = { requests: 0, prompt: 0, cached: 0, generated: 0 };
  for (const row of rows) {
    total.requests += row.requests;
    total.prompt += row.prompt_tokens;
    total.cached += row.cached_tokens;
    total.generated += row.generated_tokens;
  }
  return total;
}

/**
 * @typedef {{days: string[], series: {name: string, values: number[]}[]}} Daily generated tokens of each model on each day,
 *   the models with the most first; those behind the third are one
 */

const MOST_SERIES = 4;

/**
 * Every day of a span, also those of which nothing is known.
 * @param {Sum[]} rows by day and model
 * @param {string} from as in 2026-03-01
 * @param {string} to
 * @returns {Daily}
 */
export function daily(rows, from, to) {
  /** @type {string[]} */
  const days = [];
  for (const day = new Date(`${from}T12:00:00Z`); day <= new Date(`${to}T12:00:00Z`); day.setUTCDate(day.getUTCDate() + 1)) {
    days.push(day.toISOString().slice(0, 10));
  }
  /** @type {Map<string, number>} */
  const totals = new Map();
  for (const row of rows) totals.set(String(row.model), (totals.get(String(row.model)) ?? 0) + row.generated_tokens);
  const ranked = [...totals].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const shown = ranked.length > MOST_SERIES ? ranked.slice(0, MOST_SERIES - 1) : ranked;
  const names = ranked.length > MOST_SERIES ? [...shown, ""] : shown;
  const series = names.map((name) => ({ name, values: days.map(() => 0) }));
  for (const row of rows) {
    const at = days.indexOf(String(row.day));
    const of = series[shown.includes(String(row.model)) ? shown.indexOf(String(row.model)) : series.length - 1];
    if (at >= 0 && of) of.values[at] = (of.values[at] ?? 0) + row.generated_tokens;
  }
  return { days, series };
}

const COUNTS = ["requests", "prompt_tokens", "cached_tokens", "generated_tokens"];

/**
 * A table for spreadsheets (RFC 4180). What a spreadsheet would take for a formula is made a text.
 * @param {string[]} columns
 * @param {Sum[]} rows
 */
export function csv(columns, rows) {
  const names = columns.flatMap((name) => (rows.some((row) => row[`${name}_name`]) ? [name, `${name}_name`] : [name]));
  const head = [...names, ...COUNTS];
  /** @param {string | number | undefined} value */
  const cell = (value) => {
    const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? "");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [head, ...rows.map((row) => head.map((name) => row[name]))].map((line) => line.map(cell).join(",")).join("\r\n") + "\r\n";
}
