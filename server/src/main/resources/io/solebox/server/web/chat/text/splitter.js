// Cuts a text that grows into blocks that are done and the few that may still change, so that only these are drawn again.

/**
 * @typedef {{type: string, raw: string, text?: string, lang?: string, open?: boolean}} Block a token of marked
 * @typedef {{closed: Block[], open: Block[]}} Step
 * @typedef {{take: (text: string) => Step, end: () => Step, readonly references: boolean}} Splitter
 */

const FENCE = /^ {0,3}(`{3,}|~{3,})([^\n]*)\n/;
// What may still become another kind of block with the next signs.
const UNDECIDED = /^[\s\d.)\-+*=_#>|`~$\\[:]*$/;

/**
 * @param {(source: string) => Block[]} lex
 * @returns {Splitter}
 */
export function splitter(lex) {
  let tail = "";
  let references = false;
  /** @type {{sign: string, lang: string, from: number, looked: number} | undefined} */
  let fence;

  /** An open fence without its closing line: known without lexing. @returns {Step | undefined} */
  function growingFence() {
    if (!fence) return undefined;
    const sign = fence.sign;
    const close = new RegExp(`^ {0,3}${sign[0]}{${sign.length},}[ \\t]*(?:\\n|$)`, "gm");
    close.lastIndex = fence.looked;
    if (close.test(tail)) {
      fence = undefined;
      return undefined;
    }
    // The last line may still become the closing one.
    const line = tail.lastIndexOf("\n") + 1;
    fence.looked = Math.max(line, fence.from);
    const text = /^ {0,3}[`~]*[ \t]*$/.test(tail.slice(line)) && line >= fence.from
      ? tail.slice(fence.from, Math.max(line - 1, fence.from))
      : tail.slice(fence.from);
    return { closed: [], open: [{ type: "code", raw: tail, text, lang: fence.lang, open: true }] };
  }

  /** @param {Block[]} blocks */
  function keep(blocks) {
    if (blocks.some((block) => block.type === "def")) references = true;
    return blocks.filter((block) => block.type !== "space" && block.type !== "def");
  }

  /** The first block that may still change. @param {Block[]} blocks */
  function firstOpen(blocks) {
    let at = blocks.length - 1;
    while (at > 0 && (blocks[at]?.type === "space" || UNDECIDED.test(blocks[at]?.raw ?? ""))) at--;
    return Math.max(at, 0);
  }

  /** @returns {Step} */
  function step() {
    const growing = growingFence();
    if (growing) return growing;
    const blocks = lex(tail);
    const at = firstOpen(blocks);
    const closed = blocks.slice(0, at);
    tail = tail.slice(closed.reduce((sum, block) => sum + block.raw.length, 0));
    const open = blocks.slice(at);
    const start = open.length === 1 && open[0]?.type === "code" ? FENCE.exec(tail) : undefined;
    if (start) {
      const body = start[0].length;
      fence = { sign: /** @type {string} */ (start[1]), lang: (start[2] ?? "").trim(), from: body, looked: body };
      const now = growingFence();
      if (now) return { closed: keep(closed), open: now.open };
    }
    return { closed: keep(closed), open: keep(open) };
  }

  return {
    take(text) {
      tail += text.replaceAll("\r", "");
      return step();
    },
    /** Nothing more comes: all is closed. An open fence stays what it is, to its end. */
    end() {
      const blocks = keep(lex(tail));
      tail = "";
      fence = undefined;
      return { closed: blocks, open: [] };
    },
    get references() {
      return references;
    },
  };
}
