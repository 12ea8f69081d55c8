// Files that go along with a message, as text. What cannot be read as text is refused by name, never sent half.

import { Refusal } from "../../base/api.js";
import { bytes } from "../../base/format.js";
import { say } from "../../base/words.js";

/** @typedef {import("../state.js").Attachment} Attachment */

const MOST_BYTES = 8 * 1024 * 1024;

/**
 * @param {File} file
 * @returns {Promise<Attachment & {text: string}>}
 * @throws {Refusal} if it is no text, or too much
 */
export async function readFile(file) {
  if (file.size > MOST_BYTES) throw refused(say("attach.large", { name: file.name, size: bytes(file.size), most: bytes(MOST_BYTES) }));
  const name = file.name.toLowerCase();
  if (name.endsWith(".pdf") || file.type === "application/pdf") {
    const { pdfText } = await import("./pdf.js");
    return made(file, "application/pdf", await pdfText(await file.arrayBuffer(), file.name));
  }
  if (name.endsWith(".docx")) {
    const { docxText } = await import("./docx.js");
    return made(file, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", await docxText(await file.arrayBuffer(), file.name));
  }
  return made(file, file.type || "text/plain", decode(new Uint8Array(await file.arrayBuffer()), file.name));
}

/** @param {File} file @param {string} type @param {string} text */
const made = (file, type, text) => ({ name: file.name, type, bytes: file.size, text });

/** @param {string} words */
export const refused = (words) => new Refusal(400, { code: "unreadable_file", message: words });

/**
 * A text in UTF-8, or in UTF-16 with its mark. Anything else is no text that could be trusted to be read rightly.
 * @param {Uint8Array} data
 * @param {string} name
 */
export function decode(data, name) {
  const wide = data[0] === 0xff && data[1] === 0xfe ? "utf-16le" : data[0] === 0xfe && data[1] === 0xff ? "utf-16be" : "utf-8";
  try {
    const text = new TextDecoder(wide, { fatal: true }).decode(data);
    if (text.includes("\0")) throw new TypeError("binary");
    return text.replaceAll("\r\n", "\n");
  } catch {
    throw refused(say("attach.binary", { name }));
  }
}

/** @param {string} text @param {number} serial */
export function pasted(text, serial) {
  return { name: `${say("attach.pasted")} ${serial}.txt`, type: "text/plain", bytes: new TextEncoder().encode(text).length, text };
}
