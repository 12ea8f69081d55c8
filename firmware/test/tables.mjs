// Writes the table of limits in docs/board.md anew, from limits.h.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const DOCUMENT = here("../../docs/board.md");

export function limitsTable(source = readFileSync(here("../core/limits.h"), "utf8")) {
  const rows = ["| name | value | unit | source |", "|---|---|---|---|"];
  for (const [, name, value, unit, from] of source.matchAll(/LIMIT\((\w+), (-?\d+), "([^"]*)",\s*\\?\s*"([^"]*)"\)/g)) rows.push(`| \`${name}\` | ${value} | ${unit} | ${from} |`);
  return rows.join("\n");
}

export const document = () => readFileSync(DOCUMENT, "utf8");

export function withTable(text) {
  return text.replace(/(<!-- limits -->\n)[^]*?(<!-- \/limits -->)/, (_, begin, end) => `${begin}\n${limitsTable()}\n\n${end}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(DOCUMENT, withTable(document()));
