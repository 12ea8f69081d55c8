// One chat, kept in this page alone. Talks to the OpenAI-compatible API of its own server.

const $ = (id) => document.getElementById(id);
const chat = $("chat");
const notice = $("notice");
const input = $("input");
const model = $("model");
const key = $("key");

let messages = [];
let running = null; // the AbortController of the answer that is being written

key.value = sessionStorage.getItem("key") ?? "";
key.addEventListener("change", () => {
  sessionStorage.setItem("key", key.value);
  connect();
});

function headers() {
  const all = { "Content-Type": "application/json" };
  if (key.value) all.Authorization = `Bearer ${key.value}`;
  return all;
}

function say(text, isError = false) {
  notice.textContent = text;
  notice.classList.toggle("error", isError);
  notice.hidden = !text;
  chat.append(notice);
  chat.scrollTop = chat.scrollHeight;
}

async function errorOf(response) {
  const body = await response.json().catch(() => null);
  const error = new Error(body?.error?.message ?? `The server answered ${response.status}.`);
  error.code = body?.error?.code;
  return error;
}

async function hasAccounts() {
  return (await (await fetch("auth")).json()).accounts;
}

// Waits until a model can answer, and fills the list.
async function connect() {
  try {
    const health = await (await fetch("health")).json();
    if (health.status === "loading") {
      say(`Loading the model: ${Math.round(100 * health.fraction)} %`);
      setTimeout(connect, 1000);
      return;
    }
    const response = await fetch("v1/models", { headers: headers() });
    if (response.status === 401) {
      const refused = await errorOf(response);
      // People with accounts sign in; programs' keys go on working here, too.
      if (!key.value && (refused.code === "setup_required" || (await hasAccounts()))) {
        location.assign("signin");
        return;
      }
      $("key-field").hidden = false;
      say("This server asks for an API key.");
      return;
    }
    if (!key.value) $("account").hidden = !(await hasAccounts());
    if (!response.ok) throw await errorOf(response);
    // A model whose last answer broke off can be asked again.
    const ready = (await response.json()).data.filter((one) =>
      ["ready", "failing"].includes(one.solebox.state));
    model.replaceChildren(...ready.map((one) => new Option(one.id)));
    model.disabled = ready.length < 2;
    say(ready.length ? "" : "No model is loaded.", !ready.length);
    input.focus();
  } catch (error) {
    say(`The server cannot be reached: ${error.message}`, true);
    setTimeout(connect, 3000);
  }
}

function show(role, text) {
  const article = document.createElement("article");
  article.className = role;
  article.textContent = text;
  chat.append(article);
  chat.scrollTop = chat.scrollHeight;
  return article;
}

// The data of each server-sent event.
async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffered = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    buffered += part.value;
    const lines = buffered.split("\n\n");
    buffered = lines.pop();
    for (const line of lines) {
      if (line.startsWith("data: ")) yield line.slice(6);
    }
  }
}

// An answer's place: what the model thinks, folded, then what it says.
function place() {
  const article = show("assistant running", "");
  const thoughts = document.createElement("details");
  thoughts.hidden = true;
  const summary = document.createElement("summary");
  summary.textContent = "Thoughts";
  const reasoning = document.createElement("div");
  thoughts.append(summary, reasoning);
  const content = document.createElement("div");
  article.append(thoughts, content);
  return { article, thoughts, reasoning, content };
}

async function answer(turns, shown) {
  const response = await fetch("v1/chat/completions", {
    method: "POST",
    headers: headers(),
    signal: running.signal,
    body: JSON.stringify({ model: model.value, messages: turns, stream: true }),
  });
  if (!response.ok) throw await errorOf(response);
  for await (const data of events(response)) {
    if (data === "[DONE]") return;
    const chunk = JSON.parse(data);
    if (chunk.error) throw new Error(chunk.error.message);
    const atEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 40;
    const delta = chunk.choices[0]?.delta ?? {};
    if (delta.reasoning_content) shown.thoughts.hidden = false;
    shown.reasoning.textContent += delta.reasoning_content ?? "";
    shown.content.textContent += delta.content ?? "";
    if (atEnd) chat.scrollTop = chat.scrollHeight;
    if (chunk.choices[0]?.finish_reason === "length") {
      say("The answer was cut off: the context is full. Begin a new chat.");
    }
  }
}

async function send(text) {
  say("");
  const turns = messages; // a new chat may begin before this answer has ended
  turns.push({ role: "user", content: text });
  show("user", text);
  const shown = place();
  setRunning(new AbortController());
  try {
    await answer(turns, shown);
  } catch (error) {
    if (error.name !== "AbortError") say(error.message, true);
  } finally {
    shown.article.classList.remove("running");
    setRunning(null);
    // What was not answered is not part of the conversation: templates want turns to alternate.
    const [reasoning, content] = [shown.reasoning.textContent, shown.content.textContent];
    if (reasoning || content) {
      const turn = { role: "assistant", content };
      if (reasoning) turn.reasoning_content = reasoning;
      turns.push(turn);
    } else {
      turns.pop();
      shown.article.remove();
    }
  }
}

function setRunning(controller) {
  running = controller;
  $("send").hidden = Boolean(controller);
  $("stop").hidden = !controller;
}

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (!text || running || !model.value) return;
  input.value = "";
  send(text);
});

input.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("form").requestSubmit();
  }
});

$("stop").addEventListener("click", () => running?.abort());

$("clear").addEventListener("click", () => {
  running?.abort();
  messages = [];
  chat.replaceChildren();
  say("");
  input.focus();
});

connect();
