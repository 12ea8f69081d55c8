import assert from "node:assert/strict";

/** Every tag is closed in order, every attribute quoted, no stray < or &. */
export function assertWellFormed(xml) {
  const open = [];
  const tag = /<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/y;
  const text = /[^<&]+|&(?:amp|lt|gt|quot);/y;
  for (let at = 0; at < xml.length; ) {
    text.lastIndex = tag.lastIndex = at;
    const plain = text.exec(xml);
    const found = plain === null ? tag.exec(xml) : null;
    assert.ok(plain !== null || found !== null, `not well-formed: ${xml.slice(at, at + 60)}`);
    at = plain === null ? tag.lastIndex : text.lastIndex;
    if (found !== null && found[1] === "/") {
      assert.equal(open.pop(), found[2]);
    } else if (found !== null && found[4] === "") {
      open.push(found[2]);
    }
  }
  assert.deepEqual(open, []);
}
