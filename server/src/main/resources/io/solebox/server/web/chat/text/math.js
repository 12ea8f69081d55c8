// Where a text has formulas: `$x$` by Pandoc's rule, `$$x$$`, `\(x\)` and `\[x\]`; never in code, and dollars of prices are none.

/**
 * @typedef {{type: "math", raw: string, text: string, display: boolean}} MathToken
 */

// The first sign inside is no space, the last is none and no backslash, and no digit follows: prices stay prices.
const DOLLARS = /^\$(?![\s$])((?:\\[^\n]|[^\\$`\n]|\n(?![ \t]*\n))*?)(?<!\s)\$(?!\d)/;
const TWO_DOLLARS = /^\$\$((?:\\[^\n]|[^\\$\n]|\$(?!\$)|\n(?![ \t]*\n))+?)\$\$/;
const ROUND = /^\\\(((?:[^\n]|\n(?![ \t]*\n))+?)\\\)/;
const SQUARE = /^\\\[((?:[^\n]|\n(?![ \t]*\n))+?)\\\]/;

/**
 * The formula at the beginning of a text.
 * @param {string} source
 * @returns {MathToken | undefined}
 */
export function mathAt(source) {
  /** @type {[RegExp, boolean][]} */
  const forms = [[TWO_DOLLARS, true], [SQUARE, true], [ROUND, false], [DOLLARS, false]];
  for (const [form, display] of forms) {
    const found = form.exec(source);
    const text = found?.[1]?.trim();
    if (found && text) return { type: "math", raw: found[0], text, display };
  }
  return undefined;
}

/** What marked is taught, inside a line and as a block of its own. */
export const MATH = [
  {
    name: "math",
    level: /** @type {const} */ ("inline"),
    /** @param {string} source */
    start: (source) => {
      const at = source.search(/\$|\\[([]/);
      return at < 0 ? undefined : at;
    },
    tokenizer: mathAt,
  },
  {
    name: "mathBlock",
    level: /** @type {const} */ ("block"),
    /** @param {string} source */
    tokenizer: (source) => {
      const found = mathAt(source);
      if (!found?.display) return undefined;
      const rest = /^[ \t]*(?:\n+|$)/.exec(source.slice(found.raw.length));
      return rest ? { ...found, type: "mathBlock", raw: found.raw + rest[0] } : undefined;
    },
  },
];
