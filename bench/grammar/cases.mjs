// Schemas of three kinds, each with a document for which it holds.

const words = "the quick brown fox jumps over a lazy dog and more of it comes here each day".split(" ");
const text = (from, count) =>
  Array.from({ length: count }, (_, i) => words[(from * 7 + i * 3) % words.length]).join(" ");

function small() {
  const schema = {
    type: "object",
    properties: {
      name: { type: "string" },
      age: { type: "integer", minimum: 0, maximum: 150 },
      mail: { type: "string", pattern: "^[a-z0-9.]+@[a-z0-9.]+$" },
      tags: { type: "array", items: { enum: ["new", "old", "borrowed", "blue"] }, maxItems: 10 },
      note: { type: ["string", "null"], maxLength: 200 },
    },
    required: ["name", "age", "mail", "tags", "note"],
    additionalProperties: false,
  };
  const document = {
    name: text(1, 6),
    age: 41,
    mail: "fox.brown@example.org",
    tags: ["new", "blue", "old"],
    note: text(2, 20),
  };
  return { schema, document };
}

/** As an API with hundreds of operations describes its bodies: about 200 kB. */
function large() {
  const definitions = {};
  const properties = {};
  const document = {};
  for (let i = 0; i < 520; i++) {
    const fields = {
      id: { type: "string", description: text(i, 12) },
      kind: { enum: [`kind${i}`, `other${i}`, "none"] },
      count: { type: "integer" },
      ratio: { type: "number" },
      items: { type: "array", items: { $ref: `#/$defs/Part${(i * 13) % 520}` } },
    };
    definitions[`Part${i}`] = {
      type: "object",
      properties: fields,
      required: ["id", "kind"],
      additionalProperties: false,
    };
    properties[`operation${i}`] = { $ref: `#/$defs/Part${i}` };
    if (i % 20 === 0) {
      document[`operation${i}`] = { id: text(i, 8), kind: `kind${i}`, count: i, ratio: 0.5, items: [] };
    }
  }
  const schema = { type: "object", properties, additionalProperties: false, $defs: definitions };
  return { schema, document };
}

function recursive() {
  const schema = {
    $ref: "#/$defs/node",
    $defs: {
      node: {
        type: "object",
        properties: {
          value: { type: "string" },
          left: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] },
          right: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] },
        },
        required: ["value", "left", "right"],
        additionalProperties: false,
      },
    },
  };
  const tree = (depth, at) =>
    depth === 0 ? null : { value: text(at, 4), left: tree(depth - 1, 2 * at), right: tree(depth - 1, 2 * at + 1) };
  return { schema, document: tree(5, 1) };
}

export const cases = { small: small(), large: large(), recursive: recursive() };
