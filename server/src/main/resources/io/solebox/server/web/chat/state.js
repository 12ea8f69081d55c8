// What the chat knows, and the shapes of what the server says.

import { store } from "../base/store.js";

/**
 * @typedef {{
 *   id: string, title: string, created: number, updated: number, folder?: string | null, tags: string[],
 *   pinned: boolean, archived: boolean, temporary: boolean, model?: string | null, running: boolean,
 * }} ChatLine a chat as lists have it
 *
 * @typedef {Record<string, unknown>} Options parameters of an answer, as `/v1/chat/completions` takes them
 *
 * @typedef {{model?: string, system?: string, persona?: string, options?: Options, tools?: string[], knowledge?: string[]}} Settings
 *   `knowledge`: the ids of the collections that are asked
 *
 * @typedef {{
 *   n?: number, vector_store_id: string, file_id: string, filename: string, section: number, from: number, to: number,
 *   page?: number | null, headings?: string[], text: string, score?: number,
 * }} Source a passage of a document: `from` and `to` are places in the text of a section; `n`: by what an answer names it
 *
 * @typedef {{
 *   id: string, name: string | null, description?: string | null, created_at: number, usage_bytes: number, chunks?: number, embedding_model?: string,
 *   file_counts: {in_progress: number, completed: number, failed: number, cancelled: number, total: number},
 *   access: "owner" | "write" | "read", owner_name?: string | null,
 * }} Collection a vector store
 *
 * @typedef {{name: string, type: string, bytes: number, tokens?: number, text?: string}} Attachment
 *
 * @typedef {{
 *   prompt_tokens: number, cached_tokens?: number, completion_tokens: number, tokens_per_second?: number,
 *   prompt_per_second?: number, ttft_ms?: number, total_ms?: number, queue_ms?: number,
 * }} Usage
 *
 * @typedef {{code?: string, message: string, remedy?: string}} Failure
 *
 * @typedef {{
 *   id: string, name: string, arguments: string, result?: string, shown?: Record<string, unknown>,
 *   state: "asked" | "approved" | "running" | "done" | "failed" | "refused" | "unknown",
 * }} Call of a tool
 *
 * @typedef {{text: string, reasoning?: string, tool_calls: Call[]}} Step on the way to an answer
 *
 * @typedef {{token: string, logprob: number, top?: [string, number][]}} TokenChance
 *
 * @typedef {{
 *   id: string, parent: string | null, role: "user" | "assistant", created: number, text: string,
 *   reasoning?: string, reasoning_ms?: number, attachments?: Attachment[], model?: string, options?: Options,
 *   state: "done" | "running" | "waiting" | "stopped" | "failed", steps?: Step[], error?: Failure, usage?: Usage, finish?: string,
 *   tool_calls?: unknown[], logprobs?: boolean | TokenChance[], sources?: Source[],
 * }} Message
 *
 * @typedef {ChatLine & {settings: Settings, current: string | null, messages: Message[]}} Chat
 *
 * @typedef {{
 *   id: string,
 *   solebox: {state: string, stage?: string, fraction?: number, context?: number, format?: string, device?: string,
 *     pinned?: boolean, code?: string, [name: string]: unknown},
 *   [name: string]: unknown,
 * }} Model
 *
 * @typedef {{
 *   id: string, answers?: boolean, context_tokens?: number, needed_bytes?: number, fits?: boolean, leaving?: string[], leaving_unseen?: number,
 *   tokens_per_second?: number, measured?: boolean,
 * }} Prospect what it means to ask a model; what nobody knows is not there
 *
 * @typedef {{id: string, name: string, system?: string, model?: string, options?: Options, attachments?: Attachment[]}} Persona
 *
 * @typedef {{
 *   me: import("../base/me.js").Me | undefined,
 *   models: Model[],
 *   modelsFailed: string,
 *   prospects: Map<string, Prospect>,
 *   personas?: Persona[],
 *   defaults: Settings,
 *   chat: Chat | undefined,
 *   chatId: string,
 *   opening: boolean,
 *   failed: import("../base/api.js").Refusal | undefined,
 *   model: string,
 *   settings: Settings,
 *   temporary: boolean,
 *   refused: import("../base/api.js").Refusal | undefined,
 *   editing: string,
 *   branchFrom: string,
 *   page: "chat" | "compare" | "shared" | "knowledge",
 *   collections?: Collection[],
 *   source: {list: Source[], at: number, opener?: HTMLElement} | undefined,
 *   drawer: boolean,
 *   lost: number,
 *   busy: boolean,
 *   tick: number,
 * }} State
 *   `chat`: the one that is open; `chatId` its address while it is fetched; `settings`: of a chat that is not begun;
 *   `prospects`: by the models' names; `personas`: once they were asked for; `defaults`: what new chats begin with;
 *   `refused`: why what was sent last was not taken; `editing`: the message whose text is being changed; `branchFrom`: the one behind which the next goes, others than it has stay; `collections`: once they were asked for; `source`: the passage that is shown beside the page, of those there are; `lost`: how often the connection was lost in a row;
 *   `tick`: changes where only parts that draw themselves have changed
 */

/** @type {State} */
const first = {
  me: undefined,
  models: [],
  modelsFailed: "",
  prospects: new Map(),
  defaults: {},
  chat: undefined,
  chatId: "",
  opening: false,
  failed: undefined,
  model: "",
  settings: {},
  temporary: false,
  refused: undefined,
  editing: "",
  branchFrom: "",
  page: "chat",
  source: undefined,
  drawer: false,
  lost: 0,
  busy: false,
  tick: 0,
};

export const state = store(first);

/** A source stands where the settings do. */
export const toggleDrawer = () => state.set({ drawer: !state.get().drawer || Boolean(state.get().source), source: undefined });

/** Draws again. */
export const redraw = () => state.set({ tick: state.get().tick + 1 });
