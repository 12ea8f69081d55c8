// Where the server is, and what its model is to say: the texts of its turns, in its own format.
import assert from 'node:assert/strict';

export const baseURL = process.env.SOLEBOX_BASE_URL;
// Without it, these clients would go to servers of others.
assert.ok(baseURL, 'SOLEBOX_BASE_URL must name the server');

/** For clients that have the version in their paths. */
export const host = baseURL.replace(/\/v1$/, '');
export const apiKey = 'any key will do on loopback';
export const model = 'scripted';

/** A call, as the model's template writes it: what must be called begins so, to the letter. */
export const call = (name, args) =>
  `<tool_call>\n{"name": "${name}", "arguments": ${JSON.stringify(args)}}\n</tool_call>`;

export const thought = (text) => `<think>${text}</think>`;

/** Goes into a message of the user, anywhere. */
export const script = (...turns) =>
  `[script:${Buffer.from(JSON.stringify(turns)).toString('base64')}]`;

export const squares = (vector) => vector.reduce((sum, x) => sum + x * x, 0);
