// What can be measured, named as llama-bench names it.
import { UsageFailure } from "./failure.mjs";

/** Prompt and answer of each client of test c8. */
const CLIENT_PROMPT = 64;
const CLIENT_TOKENS = 64;

/** The same of test c64@120, where the server counts and not the model. */
const LOAD_PROMPT = 8;
const LOAD_TOKENS = 16;

/**
 * Ids of ordinary tokens in every synthetic vocabulary, whatever its kind and size. Speed does not
 * depend on the ids, but a prompt must not be found in a prefix cache, so each is drawn anew.
 */
const FIRST_ID = 300;
const IDS = 280;

/**
 * Reads one test: `pp512` is prefill of 512 tokens, `tg128` decode of 128 tokens from an empty
 * context, `tg64@4096` the same with 4096 tokens before it, `c8` eight clients at once,
 * `c64@120` 64 clients that ask one question after another for 120 seconds.
 */
export function parseTest(name) {
  const [, kind, count, depth] = /^(pp|tg|c)([1-9]\d*)(?:@([1-9]\d*))?$/.exec(name) ?? [];
  if (kind === undefined || (depth !== undefined && kind === "pp")) {
    throw new UsageFailure(
      `there is no test '${name}'`,
      "Tests are ppN (prefill of N tokens), tgN and tgN@DEPTH (decode), cN and cN@SECONDS (N clients at once).",
    );
  }
  const n = Number(count);
  switch (kind) {
    case "pp":
      return { name, kind: "prefill", tokens: n, context: n + 2 };
    case "tg":
      return { name, kind: "decode", tokens: n, depth: Number(depth ?? 0), context: n + Number(depth ?? 0) + 2 };
    default:
      return depth === undefined
        ? clients({ name, clients: n, prompt: CLIENT_PROMPT, tokens: CLIENT_TOKENS })
        : clients({ name, clients: n, prompt: LOAD_PROMPT, tokens: LOAD_TOKENS, seconds: Number(depth) });
  }
}

function clients(test) {
  return { ...test, kind: "clients", context: test.prompt + test.tokens + 2 };
}

/** Random ids of ordinary tokens. */
export function randomIds(count) {
  return Array.from({ length: count }, () => FIRST_ID + Math.floor(Math.random() * IDS));
}
