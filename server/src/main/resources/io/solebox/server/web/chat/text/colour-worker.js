// Colours code, in a thread of its own. The server puts Highlight.js in front of this file: a worker may load nothing here.

{
  const KINDS = {
    k: ["keyword", "built_in", "type", "literal", "tag", "name", "selector-tag", "section"],
    s: ["string", "number", "regexp", "symbol", "template-variable", "addition", "link"],
    c: ["comment", "quote", "meta", "doctag", "deletion"],
  };
  /** @type {Map<string, string>} */
  const kinds = new Map([["subst", ""]]);
  Object.entries(KINDS).forEach(([kind, scopes]) => scopes.forEach((scope) => kinds.set(scope, kind)));

  /**
   * @param {any} node of Highlight.js' tree
   * @param {string} kind of what is around it
   * @param {string[]} runs
   */
  const flatten = (node, kind, runs) => {
    if (typeof node === "string") {
      if (runs.length && runs.at(-2) === kind) runs[runs.length - 1] += node;
      else if (node) runs.push(kind, node);
      return;
    }
    const own = kinds.get(String(node.scope ?? "").split(".")[0] ?? "") ?? kind;
    for (const child of node.children) flatten(child, own, runs);
  };

  /** @param {string} text @param {string} lang */
  const runsOf = (text, lang) => {
    if (!hljs.getLanguage(lang)) return undefined;
    /** @type {any} */
    const result = hljs.highlight(text, { language: lang, ignoreIllegals: true });
    /** @type {string[]} */
    const runs = [];
    flatten(result._emitter.rootNode, "", runs);
    return runs.filter((_, at) => at % 2).join("") === text ? runs : undefined;
  };

  globalThis.onmessage = ({ data }) => {
    const { id, text, lang } = data;
    let runs;
    try {
      runs = runsOf(text, lang);
    } catch (error) {
      console.error(error);
    }
    /** @type {any} */ (globalThis).postMessage({ id, runs });
  };
}
