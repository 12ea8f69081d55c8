// What can be measured, named as llama-bench names it.
import { UsageFailure } from "./failure.mjs";

/** Prompt and answer of each client of test c8. */
const CLIENT_PROMPT = 64;
const CLIENT_TOKENS = 64;

/**
 * Ids of ordinary tokens in every synthetic vocabulary, whatever its kind and size. Speed does not
 * depend on the ids, but a prompt must not be found in a prefix cache, so each is drawn anew.
 */
const FIRST_ID = 300;
const IDS = 280;

/**
 * Reads one test: `pp512` is prefill of 512 tokens, `tg128` decode of 128 tokens from an empty
 * context, `tg64@4096` the same with 4096 tokens before it, `c8` eight clients at once.
 */
export function parseTest(name) {
  const [, kind, count, depth] = /^(pp|tg|c)([1-9]\d*)(?:@([1-9]\d*))?$/.exec(name) ?? [];
  if (kind === undefined || (depth !== undefined && kind !== "tg")) {
    throw new UsageFailure(
      `there is no test '${name}'`,
      "Tests are ppN (prefill of N tokens), tgN and tgN@DEPTH (decode), cN (N clients at once).",
    );
  }
  const n = Number(count);
  switch (kind) {
    case "pp":
      return { name, kind: "prefill", tokens: n, context: n + 2 };
    case "tg":
      return { name, kind: "decode", tokens: n, depth: Number(depth ?? 0), context: n + Number(depth ?? 0) + 2 };
    default:
      return {
        name, kind: "clients", clients: n, prompt: CLIENT_PROMPT, tokens: CLIENT_TOKENS,
        context: CLIENT_PROMPT + CLIENT_TOKENS + 2,
      };
  }
}

/** Random ids of ordinary tokens. */
export function randomIds(count) {
  return Array.from({ length: count }, () => FIRST_ID + Math.floor(Math.random() * IDS));
}
