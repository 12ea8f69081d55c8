// What classic scripts of web/lib put into the global scope.

import type { HLJSApi } from "highlight.js";
import type * as Katex from "katex";

declare global {
  /** lib/highlightjs/highlight.min.js */
  var hljs: HLJSApi;
  /** lib/katex/katex.min.js */
  var katex: typeof Katex.default;
  /** lib/uplot/uPlot.iife.min.js */
  var uPlot: any;
  /** lib/mermaid/mermaid.min.js, in its frame alone */
  var mermaid: any;
}
