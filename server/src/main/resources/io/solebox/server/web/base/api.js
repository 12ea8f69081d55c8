// Asking the server: one place for headers, refusals, streams that are gone on with, and being signed out.

import { eventReader } from "./sse.js";

/**
 * @typedef {{code?: string, message?: string, param?: string | null, remedy?: string, type?: string}} ServerError
 * @typedef {{signal?: AbortSignal, stayHere?: boolean, also?: Record<string, string>}} AskOptions
 *   `stayHere`: a 401 is thrown as any refusal, instead of leading to the page where people sign in; `also`: further headers
 */

/** An answer that is an error: its words, its code, its HTTP status. Status 0: the server was not reached. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {ServerError} [error]
   */
  constructor(status, error) {
    super(error?.message ?? (status ? `The server answered ${status}.` : "The server cannot be reached."));
    this.name = "Refusal";
    this.status = status;
    this.code = error?.code ?? (status ? "" : "unreachable");
    this.param = error?.param ?? "";
    this.remedy = error?.remedy ?? "";
  }
}

/** The key that a program's server asks for, kept for this tab. */
export const key = {
  get: () => sessionStorage.getItem("key") ?? "",
  /** @param {string} value */
  set: (value) => sessionStorage.setItem("key", value),
};

/** What is done when the server no longer knows who asks. */
let signedOut = (/** @type {Refusal} */ _refusal) => {
  const here = location.pathname + location.hash;
  location.assign(here === "/" ? "/signin" : `/signin?next=${encodeURIComponent(here)}`);
};

/** @param {(refusal: Refusal) => void} work */
export function onSignedOut(work) {
  signedOut = work;
}

/** @returns {Record<string, string>} */
function headers() {
  const held = key.get();
  return held ? { Authorization: `Bearer ${held}` } : {};
}

/**
 * @param {string} method
 * @param {string} path
 * @param {RequestInit} request
 * @param {AskOptions} options
 */
async function send(method, path, request, options) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(path, { ...request, method, signal: options.signal ?? null });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Refusal(0);
  }
  if (response.ok) return response;
  const answer = await response.json().catch(() => ({}));
  const refusal = new Refusal(response.status, answer.error);
  if (response.status === 401 && !options.stayHere) signedOut(refusal);
  throw refusal;
}

/** Of what browsers send for pages that are gone, all together have 64 KiB. */
const MOST_LATE_CHARACTERS = 4096;

/**
 * Asks the server; the answer's JSON, or a Refusal. What is small is sent also where somebody leaves the page meanwhile.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body] sent as JSON
 * @param {AskOptions} [options]
 * @returns {Promise<any>}
 */
export async function ask(method, path, body, options = {}) {
  /** @type {RequestInit} */
  const request = { headers: { ...headers(), ...options.also } };
  if (body !== undefined) {
    request.headers = { ...request.headers, "Content-Type": "application/json" };
    request.body = JSON.stringify(body);
  }
  request.keepalive = method !== "GET" && String(request.body ?? "").length <= MOST_LATE_CHARACTERS;
  const response = await send(method, path, request, options);
  const text = await response.text();
  return text ? JSON.parse(text) : {};
}

/**
 * The answer as it is, for files.
 * @param {string} path
 * @param {AskOptions} [options]
 * @returns {Promise<Blob>}
 */
export async function fetchBlob(path, options = {}) {
  return (await send("GET", path, { headers: headers() }, options)).blob();
}

/**
 * Sends a file as it is, or a form with one, and tells how much of it has gone, which fetch does not.
 * @param {string} path
 * @param {Blob | FormData} file
 * @param {(part: number) => void} told from 0 to 1
 * @param {AskOptions & {type?: string}} [options]
 * @returns {Promise<any>} the answer's JSON
 */
export function sendFile(path, file, told, options = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    // Of a form, the browser knows what parts it.
    if (!(file instanceof FormData)) request.setRequestHeader("Content-Type", options.type ?? "application/octet-stream");
    for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => told(total ? loaded / total : 0);
    request.onload = () => {
      /** @type {any} */
      let answer = {};
      try { answer = JSON.parse(request.responseText || "{}"); } catch { /* no JSON */ }
      if (request.status < 300) return resolve(answer);
      const refusal = new Refusal(request.status, answer.error);
      if (refusal.status === 401 && !options.stayHere) signedOut(refusal);
      return reject(refusal);
    };
    request.onerror = () => reject(new Refusal(0));
    request.onabort = () => reject(new DOMException("left", "AbortError"));
    options.signal?.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

/** How long to wait before a lost stream is asked for again, in milliseconds. */
const AGAIN_MS = [250, 500, 1000, 2000, 4000];

/**
 * Reads a route of events until `tell` says that it is the end (returns true) or the signal ends it.
 * A lost connection is taken up again behind the last event that came; `lost` hears of it.
 * @param {string} path
 * @param {(data: any, event: string) => boolean | void} tell each event's JSON
 * @param {{signal: AbortSignal, after?: string, lost?: (times: number) => void}} options
 */
export async function events(path, tell, options) {
  const { signal, lost } = options;
  let after = options.after ?? "";
  let times = 0;
  for (;;) {
    try {
      const ended = await readOnce(path, after, signal, (event) => {
        times = 0;
        if (event.id) after = event.id;
        return tell(JSON.parse(event.data), event.event);
      });
      if (ended || signal.aborted) return;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Refusal) || (error.status !== 0 && error.status < 502)) throw error;
    }
    times++;
    lost?.(times);
    await pause(AGAIN_MS[Math.min(times, AGAIN_MS.length) - 1] ?? 4000, signal);
    if (signal.aborted) return;
  }
}

/**
 * @param {string} path
 * @param {string} after
 * @param {AbortSignal} signal
 * @param {(event: import("./sse.js").ServerEvent) => boolean | void} tell
 * @returns {Promise<boolean>} whether `tell` ended it
 */
async function readOnce(path, after, signal, tell) {
  const query = after ? `${path.includes("?") ? "&" : "?"}after=${encodeURIComponent(after)}` : "";
  const response = await send("GET", path + query, { headers: headers(), cache: "no-store" }, { signal });
  if (!response.body) throw new Refusal(0);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let ended = false;
  const feed = eventReader((event) => {
    if (!ended && tell(event)) ended = true;
  });
  try {
    for (;;) {
      const part = await reader.read().catch(() => ({ done: true, value: undefined }));
      if (part.done) return ended;
      feed(/** @type {string} */ (part.value));
      if (ended) return true;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/**
 * @param {number} millis
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function pause(millis, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
