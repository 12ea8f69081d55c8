// Clients of a server with OpenAI's API, all at once.
import http from "node:http";
import { Failure } from "./failure.mjs";
import { randomIds } from "./tests.mjs";

const START_LIMIT_MILLIS = 10 * 60 * 1000;
const POLL_MILLIS = 50;
const WARM_UP = { prompt: 16, tokens: 8 };

/**
 * Waits until a started server is ready, warms it up, measures once, and stops it.
 *
 * @param url gives the server's address as soon as it is known
 * @param request what this server wants in a request beside the usual
 */
export async function measureServer(server, test, { url, request }) {
  try {
    const address = await Promise.race([
      ready(url),
      server.ended.then(({ code }) => {
        throw server.fail(`ended with code ${code} before it was ready`);
      }),
    ]);
    await answers(address, { ...test, ...WARM_UP }, request);
    const tokensPerSecond =
      test.seconds === undefined
        ? (test.clients * test.tokens) / (await answers(address, test, request))
        : (test.tokens * (await load(address, test, request))) / test.seconds;
    return {
      tokensPerSecond,
      residentBytes: server.peakResidentBytes,
      loadSeconds: null,
      bytesPerToken: null,
    };
  } finally {
    await server.stop();
  }
}

async function ready(url) {
  const until = Date.now() + START_LIMIT_MILLIS;
  while (Date.now() < until) {
    const address = url();
    if (address !== undefined && (await get(address + "/health")) === 200) {
      return address;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
  }
  throw new Failure("the server was not ready in time");
}

function question(test, request) {
  return { prompt: randomIds(test.prompt), max_tokens: test.tokens, temperature: 0, ignore_eos: true, ...request };
}

/** Answers within the time; every second one is streamed. One that fails ends it all. */
async function load(address, test, request) {
  const until = performance.now() + 1000 * test.seconds;
  const client = async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    let count = 0;
    for (; performance.now() < until; count++) {
      const stream = count % 2 === 1;
      const text = await post(address + "/v1/completions", { ...question(test, request), stream }, agent);
      if (stream && !text.endsWith("data: [DONE]\n\n")) {
        throw new Failure(`a stream ended with ${JSON.stringify(text.slice(-100))}`);
      }
    }
    agent.destroy();
    return count;
  };
  const counts = await Promise.all(Array.from({ length: test.clients }, client));
  return counts.reduce((sum, count) => sum + count);
}

/** Seconds from the first request to the last answer. */
async function answers(address, test, request) {
  const bodies = Array.from({ length: test.clients }, () => question(test, request));
  const start = performance.now();
  const texts = await Promise.all(bodies.map((body) => post(address + "/v1/completions", body, false)));
  const seconds = (performance.now() - start) / 1000;
  const made = texts.reduce((sum, text) => sum + usage(text).completion_tokens, 0);
  if (made !== test.clients * test.tokens) {
    throw new Failure(`the server made ${made} tokens, but was asked for ${test.clients * test.tokens}`);
  }
  return seconds;
}

function get(url) {
  return new Promise((resolve) => {
    http
      .get(url, { agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
      .on("error", () => resolve(0));
  });
}

function usage(text) {
  try {
    return JSON.parse(text).usage;
  } catch {
    throw new Failure(`the server answered what is no JSON: ${text.slice(0, 300)}`);
  }
}

// Not fetch: it gives up on answers that take longer than five minutes.
function post(url, body, agent) {
  return new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/json" };
    const request = http.request(url, { method: "POST", headers, agent }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => (text += part));
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode !== 200) {
          reject(new Failure(`${url} answered ${response.statusCode}: ${text.slice(0, 300)}`));
        } else {
          resolve(text);
        }
      });
    });
    request.on("error", reject);
    request.end(JSON.stringify(body));
  });
}
