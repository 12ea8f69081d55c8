// Tasks that the model does in a chat, one after another, while nobody looks.

import { ask } from "../../base/api.js";
import { dialog } from "../../base/dialog.js";
import { number } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { fetchStyle } from "../../base/scripts.js";
import { addWords, say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { complain, refresh } from "../chats.js";
import { state } from "../state.js";

/**
 * @typedef {{text: string, done: boolean, answer: string | null}} Task
 * @typedef {{
 *   state: "running" | "waiting" | "paused" | "budget" | "failed" | "done" | "stopped", tasks: Task[],
 *   budget_tokens: number, used_tokens: number, why: import("../state.js").Failure | null,
 * }} Agent
 */

await Promise.all([addWords({}, (language) => import(`./words/${language}.js`)), fetchStyle("chat/tools/tools.css")]);

const BUDGET = 100_000;
/** How often it is asked how far they are. */
const LOOK_MS = 1500;

/** @param {{id: string}} chat */
export async function openTasks(chat) {
  const path = `/chats/${chat.id}/agent`;
  /** @type {Agent | null} */
  let agent = (await ask("GET", path)).agent;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let looking;
  await dialog(say("tasks.title"), (close, redraw) => {
    looking ??= setInterval(() => {
      if (agent?.state === "running" || agent?.state === "waiting") look(ask("GET", path));
    }, LOOK_MS);
    /** @param {Promise<{agent: Agent | null}>} asked */
    const look = (asked) => asked.then((said) => {
      agent = said.agent;
      redraw();
    }).catch(complain);
    /** @param {SubmitEvent} event */
    const start = (event) => {
      event.preventDefault();
      const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
      const { model, settings } = state.get();
      const tasks = String(form.get("tasks")).split("\n").map((line) => line.trim()).filter(Boolean);
      look(ask("POST", path, {
        tasks, budget_tokens: Number(form.get("budget")),
        ...(model ? { model } : {}), ...(settings.options ? { options: settings.options } : {}), ...(settings.tools ? { tools: settings.tools } : {}),
      }).then((said) => { refresh(); return said; }));
    };
    /** @param {"pause" | "stop"} what */
    const tell = (what) => look(ask("POST", `${path}/${what}`));
    /** @param {SubmitEvent} event */
    const resume = (event) => {
      event.preventDefault();
      const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
      look(ask("POST", `${path}/resume`, { budget_tokens: Number(form.get("budget")) }));
    };
    return html`<div class="stack">${agent ? farOf(agent) : html`<p class="soft">${say("tasks.about")}</p>`}
      ${!agent || agent.state === "done" || agent.state === "stopped" ? html`<form class="stack" @submit=${start}>
        <div class="field"><label for="tasks">${say("tasks.list")}</label><textarea class="textarea" id="tasks" name="tasks" rows="6" dir="auto" required></textarea></div>
        ${budgetField(BUDGET)}${actions(close, html`<button class="btn btn-primary">${icon("play")}${say("tasks.start")}</button>`)}</form>`
      : agent.state === "running" || agent.state === "waiting" ? actions(close, html`<button type="button" class="btn" @click=${() => tell("stop")}>${say("tasks.stop")}</button>
        <button type="button" class="btn btn-primary" @click=${() => tell("pause")}>${icon("pause")}${say("tasks.pause")}</button>`)
      : html`<form class="stack" @submit=${resume}>${budgetField(agent.budget_tokens)}
        ${actions(close, html`<button type="button" class="btn" @click=${() => tell("stop")}>${say("tasks.stop")}</button><button class="btn btn-primary">${icon("play")}${say("tasks.resume")}</button>`)}</form>`}</div>`;
  });
  clearInterval(looking);
}

/** @param {() => void} close @param {unknown} buttons */
const actions = (close, buttons) => html`<div class="dialog-actions"><button type="button" class="btn btn-quiet" @click=${() => close()}>${say("close")}</button>${buttons}</div>`;

/** @param {number} usual */
const budgetField = (usual) => html`<div class="field"><label for="budget">${say("tasks.budget")}</label>
  <input class="input num" id="budget" name="budget" type="number" min="1" max="2147483647" required .value=${String(usual)}><p class="hint">${say("tasks.budget.hint")}</p></div>`;

/** How far they are. @param {Agent} agent */
function farOf(agent) {
  const done = agent.tasks.filter((task) => task.done).length;
  const at = agent.tasks.findIndex((task) => !task.done);
  return html`<p role="status"><b>${say(`tasks.state.${agent.state}`)}</b> ${say("tasks.far", { done, all: agent.tasks.length, used: number(agent.used_tokens), budget: number(agent.budget_tokens) })}</p>
    <svg class="task-bar" role="img" aria-label=${say("tasks.far", { done, all: agent.tasks.length, used: number(agent.used_tokens), budget: number(agent.budget_tokens) })}>
      <rect class="rail" width="100%" height="6" rx="3"></rect><rect class="set" width=${`${(100 * done) / agent.tasks.length}%`} height="6" rx="3"></rect></svg>
    ${agent.why ? html`<p class="bad">${[agent.why.message, agent.why.remedy].filter(Boolean).join(" ")}</p>` : ""}
    <ol class="tool-list">${agent.tasks.map((task, index) => html`<li>${icon(task.done ? "check" : index === at && agent.state === "running" ? "zap" : "clock")}<span class="grow" dir="auto">${task.text}</span></li>`)}</ol>`;
}
