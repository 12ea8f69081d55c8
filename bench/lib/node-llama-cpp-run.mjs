// One run of one test in node-llama-cpp: the order is the argument, the result one line of JSON on stdout.
import { residentBytes } from "./processes.mjs";
import { randomIds } from "./tests.mjs";

/** As llama-bench's own physical batch. */
const BATCH_TOKENS = 512;
const WARM_UP = { prompt: 64, tokens: 16 };

const { library, file, test, threads } = JSON.parse(process.argv[2]);
const { getLlama } = await import(library);
const llama = await getLlama({ gpu: false, build: "never", maxThreads: threads, logLevel: "error", progressLogs: false });
const hostBytes = residentBytes(process.pid);

const loading = performance.now();
const model = await llama.loadModel({ modelPath: file });
const context = await model.createContext({
  contextSize: Math.max(test.context, WARM_UP.prompt + WARM_UP.tokens + 2),
  batchSize: BATCH_TOKENS,
  threads: { ideal: threads, min: threads },
  sequences: test.clients ?? 1,
  flashAttention: true, // the faster of both here; the KV cache is F16 by default
});
const loadSeconds = (performance.now() - loading) / 1000;
const sequences = Array.from({ length: test.clients ?? 1 }, () => context.getSequence());

for (const sequence of sequences) {
  await prefill(sequence, WARM_UP.prompt);
  await decode(sequence, randomIds(1), WARM_UP.tokens);
  await sequence.clearHistory();
}
const tokensPerSecond = await measure();
const result = {
  tokensPerSecond,
  residentBytes: residentBytes(process.pid) - hostBytes,
  loadSeconds: test.kind === "clients" ? null : loadSeconds,
  bytesPerToken: null,
};
// At once: tearing the model down takes time and is not measured.
process.stdout.write(JSON.stringify(result) + "\n", () => process.exit(0));

async function measure() {
  const [first] = sequences;
  switch (test.kind) {
    case "prefill":
      return test.tokens / (await seconds(() => prefill(first, test.tokens)));
    case "decode":
      if (test.depth > 0) {
        await prefill(first, test.depth);
      }
      return test.tokens / (await seconds(() => decode(first, randomIds(1), test.tokens)));
    default: {
      const answers = () => Promise.all(sequences.map((s) => decode(s, randomIds(test.prompt), test.tokens)));
      return (test.clients * test.tokens) / (await seconds(answers));
    }
  }
}

async function seconds(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function prefill(sequence, tokens) {
  return sequence.evaluateWithoutGeneratingNewTokens(randomIds(tokens));
}

/** Greedy; a token that ends an answer is followed by another beginning. */
async function decode(sequence, ids, tokens) {
  let made = 0;
  let next = ids;
  while (made < tokens) {
    for await (const _ of sequence.evaluate(next, { temperature: 0 })) {
      if (++made === tokens) {
        return;
      }
    }
    made++; // the one that ended it was computed, too
    next = randomIds(1);
  }
}
