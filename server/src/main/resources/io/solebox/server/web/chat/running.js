// Answers that are being written: the server owns them, a page only watches, and any page may begin to at any time.

import { announce } from "../base/announce.js";
import { events } from "../base/api.js";
import { say } from "../base/words.js";
import { TextView } from "./text/view.js";

/**
 * @typedef {import("./state.js").Message} Message
 * @typedef {import("./state.js").TokenChance} TokenChance
 */

/** The tool of the server's own whose work pages do. */
const PAGE_TOOL = "javascript";
/** In so long what has happened before is told. */
const TOLD_MS = 50;

/** An answer as this page has seen it so far. */
export class Running {
  /** @type {"waiting" | "load" | "queue" | "prompt" | "reasoning" | "text"} */
  phase = "waiting";
  place = 0;
  load = { model: "", fraction: 0 };
  prompt = { done: 0, total: 0, cached: 0 };
  promptBegan = 0;
  promptFrom = 0;
  tokens = 0;
  firstAt = 0;
  lost = 0;
  reasoning = "";
  reasoningFrom = 0;
  reasoningMs = 0;
  /** What was said, called and heard before. @type {import("./state.js").Step[]} */
  steps = [];
  /** @type {TokenChance[]} */
  chances = [];
  /** What it was given to read; nothing where nothing was looked up. @type {import("./state.js").Source[] | undefined} */
  sources;
  /** Whether the conversation scrolls along with it. */
  follows = false;
  began = performance.now();
  view = new TextView();
  reasoningView = new TextView();
  #end = new AbortController();
  #last = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #soon;
  #changed = () => {};

  /**
   * @param {string} chat
   * @param {Message} message
   * @param {{changed: () => void, ended: (message: Message) => void, failed: (error: Error) => void}} hearer
   *   `changed`: the line of figures is another; texts draw themselves
   */
  constructor(chat, message, hearer) {
    this.id = message.id;
    this.chat = chat;
    this.#changed = hearer.changed;
    this.#read(message);
    events(`/chats/${chat}/messages/${message.id}/events`, (event) => this.#hear(event, hearer), {
      signal: this.#end.signal,
      after: "0",
      lost: (times) => { this.lost = times; hearer.changed(); },
    }).catch((error) => { if (!this.#end.signal.aborted) hearer.failed(error); });
  }

  /** Tokens each second since the first one. */
  get speed() {
    const seconds = (performance.now() - this.firstAt) / 1000;
    return this.tokens > 1 && seconds > 0.2 ? (this.tokens - 1) / seconds : 0;
  }

  /** Watches no longer; the answer goes on. */
  leave() {
    this.#end.abort();
  }

  /**
   * @param {any} event
   * @param {{ended: (message: Message) => void, failed: (error: Error) => void}} hearer
   * @returns {boolean} whether it was the last one
   */
  #hear(event, hearer) {
    this.lost = 0;
    switch (event.type) {
      case "load":
        this.phase = "load";
        this.load = { model: event.model, fraction: event.fraction };
        break;
      case "queue":
        this.phase = "queue";
        this.place = event.place;
        break;
      case "prompt":
        if (this.phase !== "prompt") {
          this.promptBegan = performance.now();
          this.promptFrom = event.done;
        }
        this.phase = "prompt";
        this.prompt = { done: event.done, total: event.total, cached: event.cached ?? 0 };
        break;
      case "reasoning":
        if (this.phase !== "reasoning") this.reasoningFrom = performance.now();
        this.#token("reasoning");
        this.reasoning += event.text;
        this.reasoningMs = performance.now() - this.reasoningFrom;
        this.reasoningView.append(event.text);
        break;
      case "sources":
        this.#read(event);
        break;
      case "text":
        this.#token("text");
        if (event.logprobs) this.chances.push(...event.logprobs);
        this.view.append(event.text);
        break;
      case "step":
        this.steps = [...this.steps, event.step];
        this.phase = "waiting";
        this.reasoning = "";
        this.view.restart("");
        this.reasoningView.restart("");
        break;
      case "called":
        this.steps = this.steps.map((step) => ({ ...step, tool_calls: step.tool_calls.map((call) => (call.id === event.call.id ? event.call : call)) }));
        this.#workSoon(hearer.failed);
        break;
      case "reset":
        this.steps = event.message.steps ?? [];
        this.#workSoon(hearer.failed);
        // What lies too far back is no longer told piece by piece: all of it at once.
        this.#read(event.message);
        this.view.restart(event.message.text);
        this.reasoning = event.message.reasoning ?? "";
        this.reasoningView.restart(this.reasoning);
        break;
      case "end":
        // Of one that was over before this page looked, the end is all that is told.
        this.#read(event.message);
        if (this.view.text !== event.message.text) this.view.restart(event.message.text);
        this.view.end();
        this.reasoningView.end();
        announce(say(event.message.state === "failed" ? "turn.said.failed" : event.message.state === "waiting" ? "turn.said.waiting" : "turn.said"));
        hearer.ended(event.message);
        return true;
    }
    this.#tellSoon(event.type);
    return false;
  }

  /**
   * Does what a tool leaves to pages; of what is told again after a break, once it is known what has been done since.
   * @param {(error: Error) => void} failed
   */
  #workSoon(failed) {
    setTimeout(() => {
      const calls = this.steps.flatMap((step) => step.tool_calls).filter((call) => call.state === "running" && call.name === PAGE_TOOL);
      for (const call of this.#end.signal.aborted ? [] : calls) {
        import("./tools/script.js").then(({ runCall }) => runCall(this.chat, this.id, call)).catch(failed);
      }
    }, TOLD_MS);
  }

  /** Figures are drawn four times a second; what begins is drawn at once. @param {string} type */
  #tellSoon(type) {
    if (type !== this.#last) {
      this.#last = type;
      this.#changed();
    } else {
      this.#soon ??= setTimeout(() => { this.#soon = undefined; if (!this.#end.signal.aborted) this.#changed(); }, 250);
    }
  }

  /** It was given these. @param {Pick<Message, "sources">} told */
  #read({ sources }) {
    if (sources && !this.sources) this.view.cite(this.sources = sources);
  }

  /** @param {"reasoning" | "text"} phase */
  #token(phase) {
    this.phase = phase;
    if (!this.firstAt) this.firstAt = performance.now();
    this.tokens++;
  }
}
