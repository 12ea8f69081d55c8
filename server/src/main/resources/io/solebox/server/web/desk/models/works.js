// Long work on models that this page has begun: pulls, files that are sent, quantizations. Each can be stopped, and a pull
// goes on where it was.

import { html, svg } from "../../lib/lit-html/lit-html.js";
import { Refusal, key, sendFile } from "../../base/api.js";
import { askText } from "../../base/dialog.js";
import { bytes, duration } from "../../base/format.js";
import { toast } from "../../base/toast.js";
import { say } from "../../base/words.js";
import { problem } from "../parts/loads.js";
import { askQuantize } from "./quantize.js";

/**
 * @typedef {{title: string, about: string, share: number | undefined, error: unknown, state: "runs" | "stopped" | "failed", stop: () => void,
 *   goOn: (() => void) | undefined}} Work `share` is how much is done, 0 to 1, where that is known; `goOn` only of what keeps what it has
 * @typedef {{view: () => unknown, importFile: () => void, pullByName: () => void, pull: (name: string) => void,
 *   quantize: (model: import("./models.js").Model) => void, isPulled: (name: string) => boolean}} Works
 */

/** Reads the lines of a stream as they come. @param {Response} response @param {(line: string) => void} take */
async function lines(response, take) {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const all = (rest + value).split("\n");
    rest = all.pop() ?? "";
    all.filter(Boolean).forEach(take);
  }
  if (rest) take(rest);
}

/** @param {string} path @param {unknown} body @param {AbortSignal} signal */
async function stream(path, body, signal) {
  const held = key.get();
  const response = await fetch(path, {
    method: "POST", signal, body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", ...(held ? { Authorization: `Bearer ${held}` } : {}) },
  });
  if (response.ok) return response;
  const answer = await response.json().catch(() => ({}));
  throw new Refusal(response.status, typeof answer.error === "string" ? { message: answer.error } : answer.error);
}

/**
 * @param {import("../main.js").Place} place
 * @param {() => Promise<void>} reload
 * @returns {Works}
 */
export function works(place, reload) {
  /** @type {Map<string, Work>} */
  const all = new Map();
  /** @param {string} id */
  const isRunning = (id) => all.get(id)?.state === "runs";

  /**
   * @param {string} id
   * @param {string} title
   * @param {(work: Work, signal: AbortSignal) => Promise<void>} run
   * @param {() => void} [goOn]
   */
  async function begin(id, title, run, goOn) {
    if (isRunning(id)) return;
    const control = new AbortController();
    /** @type {Work} */
    const work = { title, about: say("work.begins"), share: all.get(id)?.share, error: undefined, state: "runs", stop: () => control.abort(), goOn };
    all.set(id, work);
    place.redraw();
    try {
      await run(work, control.signal);
      all.delete(id);
      toast(say("work.done", { name: title }));
    } catch (error) {
      if (!control.signal.aborted) Object.assign(work, { state: "failed", error });
      else if (goOn) work.state = "stopped";
      else all.delete(id);
    }
    place.redraw();
    await reload();
  }

  /** @param {string} name @returns {Promise<void>} */
  const pull = (name) => begin(name, name, async (work, signal) => {
    await lines(await stream("/v1/models/pull", { model: name, stream: true }, signal), (line) => {
      if (!line.startsWith("data:")) return;
      const event = JSON.parse(line.slice(5));
      if (event.error) throw new Refusal(500, event.error);
      const { data } = event;
      if (data.status === "note") work.about = data.text;
      if (data.status === "pulling") {
        work.share = data.total ? data.bytes / data.total : undefined;
        work.about = [say("work.of", { done: bytes(data.bytes), all: bytes(data.total) }), data.bytes_per_second ? `${bytes(data.bytes_per_second)}/s` : "",
          data.seconds_left !== undefined ? say("work.left", { time: duration(data.seconds_left * 1000) }) : ""].filter(Boolean).join(" · ");
      }
      place.redraw();
    });
  }, () => pull(name));

  /** @param {File} file @param {string} name */
  const send = (file, name) => begin(`import ${name}`, name, (work, signal) => sendFile(`/admin/shelf/import?name=${encodeURIComponent(name)}`, file, (part) => {
    work.share = part;
    work.about = part === 1 ? say("work.checks") : say("work.of", { done: bytes(part * file.size), all: bytes(file.size) });
    place.redraw();
  }, { signal }));

  /** @param {import("./models.js").Model} model */
  async function quantize(model) {
    const wish = await askQuantize(model);
    if (!wish) return;
    await begin(`quantize ${wish.name}`, wish.name, async (work, signal) => {
      const response = await stream("/api/create", { model: wish.name, from: model.name, quantize: wish.format, stream: true }, signal);
      await lines(response, (line) => {
        const event = JSON.parse(line);
        if (event.error) throw new Refusal(500, { message: event.error });
        work.about = event.status;
        if (event.total) work.share = (event.completed ?? 0) / event.total;
        place.redraw();
      });
    });
  }

  async function pullByName() {
    const name = await askText(say("models.pull"), { label: say("pull.name"), action: say("pull.do") });
    if (name?.trim()) pull(name.trim());
  }

  function importFile() {
    const input = Object.assign(document.createElement("input"), { type: "file", accept: ".gguf" });
    input.addEventListener("change", async () => {
      const file = input.files?.[0];
      if (!file) return;
      const name = await askText(say("models.import"), { label: say("import.name"), value: file.name.replace(/\.gguf$/i, "").toLowerCase(), action: say("import.do") });
      if (name?.trim()) send(file, name.trim());
    });
    input.click();
  }

  /** @param {string} id */
  const forget = (id) => { all.delete(id); place.redraw(); };

  /** @param {string} id @param {Work} work */
  const buttons = (id, work) => work.state === "runs"
    ? html`<button class="btn" @click=${work.stop} aria-label=${say("work.stop.named", { name: work.title })}>${say("stop")}</button>`
    : html`${work.goOn ? html`<button class="btn" @click=${work.goOn} aria-label=${say("work.go.on.named", { name: work.title })}>${say("go.on")}</button>` : ""}
      <button class="btn" @click=${() => forget(id)} aria-label=${say("work.close.named", { name: work.title })}>${say("close")}</button>`;

  /** @param {Work} work */
  function bar({ share = 0 }) {
    return html`<svg class="bar bar-thin wide" role="img" aria-label=${say("percent", { n: Math.round(100 * share) })}>${svg`<rect class="fill-2" width=${`${100 * share}%`}></rect>`}</svg>`;
  }

  /** @param {string} id @param {Work} work */
  const workView = (id, work) => html`<li><div class="about"><b>${work.title}</b>
      <p class="meta num" role="status">${work.about}${work.state === "stopped" ? ` · ${say("work.stopped")}` : ""}</p></div>
    <div class="act">${buttons(id, work)}</div>
    ${work.state === "failed" ? html`<div class="wide">${problem(work.error)}</div>` : bar(work)}</li>`;

  return {
    pull, pullByName, importFile, quantize,
    isPulled: isRunning,
    view: () => (all.size ? html`<section class="card" aria-label=${say("work.title")}><header class="card-head"><h2 class="grow">${say("work.title")}</h2></header>
      <ul class="shelf">${[...all].map(([id, work]) => workView(id, work))}</ul></section>` : ""),
  };
}
