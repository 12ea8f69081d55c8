// A build of llama.cpp, or of a fork of it, that somebody made: llama-bench and llama-server.
import net from "node:net";
import { measureServer } from "./clients.mjs";
import { Failure } from "./failure.mjs";
import { run, start } from "./processes.mjs";

/** Measures prefill and decode. Its times contain neither tokenization nor sampling. */
export class LlamaBench {
  name = "llama-bench";

  constructor(path, args, { threads }) {
    this.path = path;
    this.args = args;
    this.threads = threads;
  }

  async measure(model, test) {
    const work = test.kind === "prefill" ? ["-p", test.tokens, "-n", 0] : ["-p", 0, "-n", test.tokens];
    // Old builds do not know depth, so it is named only where there is one.
    const depth = test.depth > 0 ? ["-d", test.depth] : [];
    const program = await run(this.path, [
      ...["-m", model.file, "-t", this.threads, ...work, ...depth, "-r", 1, "-o", "json"].map(String),
      ...this.args,
    ]);
    const row = this.#row(program.stdout);
    this.name = `llama-bench ${row.build_commit} (${row.build_number})`;
    return {
      tokensPerSecond: row.avg_ts,
      residentBytes: program.peakResidentBytes,
      loadSeconds: null,
      bytesPerToken: null,
    };
  }

  #row(stdout) {
    let rows;
    try {
      rows = JSON.parse(stdout);
    } catch {
      rows = [];
    }
    if (!Array.isArray(rows) || typeof rows[0]?.avg_ts !== "number") {
      throw new Failure(
        `${this.path} -o json printed no result`,
        "Is it a llama-bench? It must know the options -m -t -p -n -d -r -o.",
      );
    }
    return rows[0];
  }
}

/** Answers many clients at once. */
export class LlamaServer {
  name = "llama-server";

  constructor(path, args, { threads }) {
    this.path = path;
    this.args = args;
    this.threads = threads;
  }

  async measure(model, test) {
    const port = await freePort();
    const options = {
      "-m": model.file, "--host": "127.0.0.1", "--port": port, "-t": this.threads,
      "-np": test.clients, "-c": test.clients * roundedContext(test.context),
    };
    const server = start(this.path, [...Object.entries(options).flat().map(String), ...this.args]);
    return measureServer(server, test, {
      url: () => `http://127.0.0.1:${port}`,
      // Prompts differ, but may share their first ids.
      request: { cache_prompt: false },
    });
  }
}

/** As llama.cpp rounds it. */
function roundedContext(tokens) {
  return Math.ceil(tokens / 256) * 256;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
