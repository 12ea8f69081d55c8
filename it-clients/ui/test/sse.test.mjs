// Events are the same wherever their stream is cut.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventReader } from "../../../server/src/main/resources/io/solebox/server/web/base/sse.js";

const STREAM = ": ping\n\nid: 1\ndata: {\"a\":1}\n\nid: 2\r\nevent: text\r\ndata: one\r\ndata: two\r\n\r\ndata:three\n\nid\ndata: lost";

function read(pieces) {
  const events = [];
  const feed = eventReader((event) => events.push(event));
  pieces.forEach(feed);
  return events;
}

test("a stream in any pieces", () => {
  const whole = [
    { id: "1", event: "message", data: "{\"a\":1}" },
    { id: "2", event: "text", data: "one\ntwo" },
    { id: "2", event: "message", data: "three" },
  ];
  for (let size = 1; size <= STREAM.length; size++) {
    const pieces = [];
    for (let at = 0; at < STREAM.length; at += size) pieces.push(STREAM.slice(at, at + size));
    assert.deepEqual(read(pieces), whole, `pieces of ${size}`);
  }
});
