// The text of a Word document: paragraphs, lists and tables of its main part. A document is a ZIP of XML.

import { say } from "../../base/words.js";
import { refused } from "./files.js";

/** More than this of XML is no letter. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * @param {ArrayBuffer} data
 * @param {string} name
 */
export async function docxText(data, name) {
  const part = await unzip(new Uint8Array(data), "word/document.xml");
  if (!part) throw refused(say("attach.broken", { name, why: "word/document.xml" }));
  const text = textOf(new TextDecoder().decode(part));
  if (!text.trim()) throw refused(say("attach.empty", { name }));
  return text;
}

/**
 * One file of a ZIP archive (APPNOTE 4.3: the end record names the directory, that names the files).
 * @param {Uint8Array} zip
 * @param {string} wanted
 * @returns {Promise<Uint8Array | undefined>}
 */
export async function unzip(zip, wanted) {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  let end = zip.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) return undefined;
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0 && at + 46 <= zip.length; left--) {
    const nameLength = view.getUint16(at + 28, true);
    const fileName = new TextDecoder().decode(zip.subarray(at + 46, at + 46 + nameLength));
    if (fileName === wanted) return inflate(zip, view, at);
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return undefined;
}

/** @param {Uint8Array} zip @param {DataView} view @param {number} entry in the directory */
async function inflate(zip, view, entry) {
  const method = view.getUint16(entry + 10, true);
  const packed = view.getUint32(entry + 20, true);
  const local = view.getUint32(entry + 42, true);
  if (view.getUint32(entry + 24, true) > MOST_BYTES || local + 30 > zip.length) return undefined;
  const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const bytes = zip.slice(from, from + packed);
  if (method === 0) return bytes;
  if (method !== 8) return undefined;
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const pieces = [];
  let size = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    size += piece.value.length;
    // What the directory says of the size may be a lie.
    if (size > MOST_BYTES) return undefined;
    pieces.push(piece.value);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

/** @type {Record<string, string>} */
const SIGNS = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&apos;": "'" };

/**
 * Paragraphs as lines, cells of tables between bars. WordprocessingML needs no more than its tags for that.
 * @param {string} xml
 */
export function textOf(xml) {
  let out = "";
  let cell = 0;
  for (const [, tag, close, name, inside] of xml.matchAll(/(<(\/?)(w:[A-Za-z]+)(?:\s[^>]*?)?\/?>)([^<]*)/g)) {
    switch (name) {
      case "w:t": if (!close && !tag?.endsWith("/>")) out += inside; break;
      case "w:tab": if (!close) out += "\t"; break;
      case "w:br": case "w:cr": if (!close) out += "\n"; break;
      case "w:tc": if (close) { out = `${out.trimEnd()} | `; cell--; } else { cell++; if (out.endsWith("\n") || !out) out += "| "; } break;
      case "w:tr": if (close) out = `${out.trimEnd()}\n`; break;
      case "w:numPr": if (close) out += "- "; break;
      case "w:p": if (close) out += cell ? " " : "\n"; break;
    }
  }
  return out.replace(/&(?:amp|lt|gt|quot|apos);/g, (sign) => SIGNS[sign] ?? sign)
    .replace(/&#(x?)([\da-fA-F]+);/g, (_, hex, code) => String.fromCodePoint(Number.parseInt(code, hex ? 16 : 10)))
    .replace(/\n{3,}/g, "\n\n").trim();
}
