// A page of a PDF, drawn in this browser by PDF.js, with a passage marked.

import { Refusal, fetchBlob } from "../base/api.js";
import { say } from "../base/words.js";
import { pdfLibrary } from "../chat/composer/pdf.js";
import { original, piecesOf } from "./place.js";

/** The document that was looked at last. @type {{path: string, opened: Promise<any>} | undefined} */
let last;

/** @param {string} path */
async function open(path) {
  const [pdf, blob] = await Promise.all([pdfLibrary(), fetchBlob(path)]);
  return pdf.getDocument({ data: await blob.arrayBuffer(), isEvalSupported: false, useSystemFonts: true }).promise;
}

/** @param {string} path */
function document(path) {
  if (last?.path !== path) {
    last?.opened.then((old) => old.destroy(), () => {});
    last = { path, opened: open(path) };
    last.opened.catch(() => { last = undefined; });
  }
  return last.opened;
}

/**
 * @param {import("../chat/state.js").Source} source
 * @param {HTMLCanvasElement} canvas as wide as the page is to be
 * @throws {Refusal} if it cannot be drawn, with why
 */
export async function drawPage(source, canvas) {
  const opened = await document(original(source)).catch((/** @type {Error} */ error) => {
    throw error instanceof Refusal ? error : new Refusal(400, { message: say("know.noPage", { why: error.message }) });
  });
  const page = await opened.getPage(source.page);
  const width = canvas.clientWidth || 480;
  const viewport = page.getViewport({ scale: (width / page.getViewport({ scale: 1 }).width) * devicePixelRatio });
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  await page.render({ canvasContext: context, viewport }).promise;
  mark(context, viewport, (await page.getTextContent()).items, source.text);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {any} viewport
 * @param {{str?: string, transform: number[], width: number, height: number}[]} items
 * @param {string} passage
 */
function mark(context, viewport, items, passage) {
  const found = piecesOf(items.map((item) => item.str ?? ""), passage);
  if (!found) return;
  context.globalCompositeOperation = "multiply";
  context.fillStyle = getComputedStyle(context.canvas).getPropertyValue("--page-mark");
  for (const item of items.slice(...found)) {
    if (!item.str?.trim()) continue;
    const [left = 0, base = 0] = item.transform.slice(4);
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = viewport.convertToViewportRectangle([left, base - item.height * 0.25, left + item.width, base + item.height]);
    context.fillRect(Math.min(x1, x2), Math.min(y1, y2), Math.abs(x2 - x1), Math.abs(y2 - y1));
  }
}
