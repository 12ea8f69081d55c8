// What a flash holds once an ELF is loaded: the bytes of its segments at their load addresses.
const FLASH = 0x10000000;
const PT_LOAD = 1;

/** Returns the flash image from FLASH on, and the addresses of the ELF's symbols by name. */
export function readElf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== 0x7f454c46) throw new Error("not an ELF");
  const parts = [];
  for (let i = 0, at = view.getUint32(28, true); i < view.getUint16(44, true); i++, at += view.getUint16(42, true)) {
    const [type, offset, , load, size] = [0, 4, 8, 12, 16].map((field) => view.getUint32(at + field, true));
    if (type === PT_LOAD && size > 0) parts.push({ at: load - FLASH, bytes: bytes.subarray(offset, offset + size) });
  }
  const image = new Uint8Array(Math.max(...parts.map((part) => part.at + part.bytes.length)));
  for (const part of parts) image.set(part.bytes, part.at);
  return { image, symbols: readSymbols(bytes, view) };
}

function readSymbols(bytes, view) {
  const symbols = new Map();
  const headers = view.getUint32(32, true);
  const header = (i) => {
    const at = headers + i * view.getUint16(46, true);
    return { type: view.getUint32(at + 4, true), offset: view.getUint32(at + 16, true), size: view.getUint32(at + 20, true), link: view.getUint32(at + 24, true) };
  };
  for (let i = 0; i < view.getUint16(48, true); i++) {
    const table = header(i);
    if (table.type !== 2) continue;
    const names = header(table.link);
    for (let at = table.offset; at < table.offset + table.size; at += 16) {
      const start = names.offset + view.getUint32(at, true);
      const name = Buffer.from(bytes.subarray(start, bytes.indexOf(0, start))).toString("latin1");
      symbols.set(name, view.getUint32(at + 4, true));
    }
  }
  return symbols;
}
