// The text of a PDF, page by page, read in this browser by PDF.js.

import { fileAddress, startWorker } from "../../base/scripts.js";
import { say } from "../../base/words.js";
import { refused } from "./files.js";

/** @type {Promise<any> | undefined} */
let library;

/** PDF.js, once it was asked for. @returns {Promise<any>} */
export const pdfLibrary = () => (library ??= load());

async function load() {
  const pdf = await import(fileAddress("lib/pdfjs/pdf.min.mjs"));
  pdf.GlobalWorkerOptions.workerPort = startWorker("lib/pdfjs/pdf.worker.min.mjs");
  return pdf;
}

/**
 * @param {ArrayBuffer} data
 * @param {string} name
 */
export async function pdfText(data, name) {
  const pdf = await pdfLibrary();
  const document = await pdf.getDocument({ data, isEvalSupported: false, useSystemFonts: true }).promise
    .catch((/** @type {Error} */ error) => { throw refused(say("attach.broken", { name, why: error.message })); });
  const pages = [];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const content = await page.getTextContent();
    pages.push(lines(content.items));
  }
  await document.destroy?.();
  if (!pages.some((page) => page.trim())) throw refused(say("attach.scanned", { name }));
  return pages.map((page, at) => `${say("attach.page", { n: at + 1 })}\n${page}`).join("\n\n");
}

/** @param {{str?: string, hasEOL?: boolean}[]} items */
function lines(items) {
  return items.map((item) => (item.str ?? "") + (item.hasEOL ? "\n" : "")).join("").trim();
}
