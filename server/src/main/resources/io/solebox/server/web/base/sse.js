// Reads a stream of server-sent events from its pieces, wherever they are cut.

/** @typedef {{id: string, event: string, data: string}} ServerEvent */

/**
 * A reader that is fed texts and tells of every event that is whole.
 * @param {(event: ServerEvent) => void} tell
 * @returns {(text: string) => void}
 */
export function eventReader(tell) {
  let rest = "";
  let id = "";
  let event = "";
  /** @type {string[]} */
  let data = [];

  /** @param {string} line */
  function take(line) {
    if (line === "") {
      if (data.length) tell({ id, event: event || "message", data: data.join("\n") });
      event = "";
      data = [];
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return; // a ping
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") data.push(value);
    else if (name === "id") id = value;
    else if (name === "event") event = value;
  }

  return (text) => {
    rest += text;
    // A carriage return at the very end may be half of a line's end.
    const whole = rest.endsWith("\r") ? rest.slice(0, -1) : rest;
    const lines = whole.split(/\r\n|\n|\r/);
    const last = /** @type {string} */ (lines.pop());
    rest = last + rest.slice(whole.length);
    lines.forEach(take);
  };
}
