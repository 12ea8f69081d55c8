// A long answer such as people get: paragraphs, lists in lists, a long table, programs of 300 lines, formulas, and one paragraph without end.

const WORDS = ("the server keeps every answer that a person was given and reads it again when somebody asks for it later because nothing "
  + "is worse than a text which was there and is gone while memory is bounded by what was reserved for each sequence before it began").split(" ");

/** Words that are the same each time, and not the same everywhere. @param {number} count @param {number} from */
function words(count, from) {
  const said = [];
  for (let at = 0; at < count; at++) {
    const word = WORDS[(from * 7 + at * 5 + ((at * at) % 11)) % WORDS.length];
    said.push(at % 29 === 7 ? `**${word}**` : at % 37 === 11 ? `\`${word}()\`` : at % 61 === 13 ? `[${word}](https://example.org/${word})` : word);
  }
  return `${said.join(" ")}.`;
}

/** @param {number} count @param {number} from */
const paragraphs = (count, from) => Array.from({ length: count }, (_, at) => words(40 + ((at * 13) % 60), from + at)).join("\n\n");

/** @param {number} count */
const list = (count) => Array.from({ length: count }, (_, at) => `${at % 4 === 3 ? "   - " : `${at + 1}. `}${words(9 + (at % 9), at)}`).join("\n");

/** @param {number} rows */
const table = (rows) => ["| name | what it does | value | since |", "|---|---|--:|:-:|",
  ...Array.from({ length: rows }, (_, at) => `| \`option.${at}\` | ${words(6, at).slice(0, -1)} | ${at * 37} | 1.${at % 9} |`)].join("\n");

/** @param {string} lang @param {number} lines */
function program(lang, lines) {
  /** @type {string[]} */
  const said = [];
  for (let at = 0; said.length < lines; at++) {
    if (lang === "python") {
      said.push(`def part_${at}(rows, limit=${at}):`, `    """Takes rows until there are ${at} of them."""`, "    taken = []", "    for row in rows:",
        `        if len(taken) >= limit or row.name == "row ${at}":`, "            break", "        taken.append(row)  # as it is", "    return taken", "");
    } else {
      said.push(`/** The part ${at}. */`, `export function part${at}(rows, limit = ${at}) {`, "  const taken = [];", "  for (const row of rows) {",
        `    if (taken.length >= limit || row.name === "row ${at}") break;`, "    taken.push({ ...row, at: taken.length }); // as it is", "  }", "  return taken;", "}", "");
    }
  }
  return `\`\`\`${lang}\n${said.slice(0, lines).join("\n")}\n\`\`\``;
}

/** @param {number} count */
const formulas = (count) => Array.from({ length: count }, (_, at) => at % 3 === 0
  ? `$$\\int_0^{${at}} \\frac{x^{${at}} + \\sqrt{y_{${at}}}}{\\sum_{k=1}^{n} k^2}\\,dx = \\begin{pmatrix} a_{${at}} & b \\\\ c & d \\end{pmatrix}$$`
  : `With $\\alpha_{${at}} = \\frac{p_${at % 9}}{q}$ and $x^2 + y^2 = r^{${at}}$, ${words(12, at)}`).join("\n\n");

/** A text of about so many characters. @param {number} chars */
export function longText(chars) {
  const parts = ["# What there is", paragraphs(12, 1), "## Steps", list(60), "## A program", program("python", 300), paragraphs(4, 40), "## Figures", table(120),
    "## Why", formulas(45), "## Another program", program("js", 300), "- one\n- two", words(900, 3), "> " + words(60, 9), program("", 40), paragraphs(10, 90)];
  let text = parts.join("\n\n");
  for (let more = 1; text.length < chars; more++) text += `\n\n## More ${more}\n\n${paragraphs(5, more * 31)}\n\n${list(12)}`;
  return `${text.slice(0, chars)}\n`;
}
