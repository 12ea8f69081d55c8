// What the pages of accounts have in common: asking the server, showing what it says, passkeys.

export const $ = (id) => document.getElementById(id);

/** An answer that is an error: its words, its code, its HTTP status. */
export class Refusal extends Error {
  constructor(status, error) {
    super(error?.message ?? `The server answered ${status}.`);
    this.status = status;
    this.code = error?.code ?? "";
  }
}

/** Asks the server; the answer's JSON, or a Refusal. */
export async function ask(method, path, body) {
  const request = { method, headers: {} };
  if (body !== undefined) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  const response = await fetch(path, request);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(response.status, answer.error);
  return answer;
}

/** Says something in the page's notice; nothing hides it. */
export function say(text, kind = "bad") {
  const notice = $("notice");
  notice.textContent = text;
  notice.className = `notice notice-${kind}`;
  notice.hidden = !text;
}

/** Runs what a form or a button is for: once at a time, and what goes wrong is said. */
export async function during(part, work) {
  const buttons = part.matches("button") ? [part] : [...part.querySelectorAll("button")];
  if (buttons.some((button) => button.disabled)) return;
  buttons.forEach((button) => { button.disabled = true; });
  say("");
  try {
    await work();
  } catch (error) {
    // Who closes the browser's own window for passkeys has not done anything wrong.
    const left = error.name === "NotAllowedError" || error.name === "AbortError";
    say(left ? "Nothing was done." : error.message, left ? "plain" : "bad");
  } finally {
    buttons.forEach((button) => { button.disabled = false; });
  }
}

/** Has a form do its work without leaving the page. */
export function onSubmit(id, work) {
  $(id).addEventListener("submit", (event) => {
    event.preventDefault();
    during(event.currentTarget, work);
  });
}

export function onClick(id, work) {
  $(id).addEventListener("click", (event) => during(event.currentTarget, work));
}

export const canPasskeys = () =>
  typeof PublicKeyCredential === "function" &&
  typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function";

/** Has the device make a passkey for options of the server. */
export async function makePasskey(options) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return (await navigator.credentials.create({ publicKey })).toJSON();
}

/** Has the device sign with a passkey that it has. */
export async function usePasskey(options) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return (await navigator.credentials.get({ publicKey })).toJSON();
}

/** Shows what an authenticator app needs. */
export function showEnrolment(enrolment) {
  const part = (name, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    return element;
  };
  const { side, path } = enrolment.qr;
  const picture = part("svg", {
    viewBox: `0 0 ${side} ${side}`,
    "shape-rendering": "crispEdges",
    class: "qr",
    role: "img",
    "aria-label": "QR code for an authenticator app",
  });
  // Black on white in dark mode too: many cameras do not read it the other way round.
  picture.append(
    part("rect", { width: side, height: side, fill: "#fff" }),
    part("path", { d: path, fill: "#000" }),
  );
  $("qr").replaceChildren(picture);
  $("secret").textContent = enrolment.secret.match(/.{1,4}/g).join(" ");
}

/** Shows codes that nobody can be shown again. */
export function showCodes(codes) {
  $("codes").replaceChildren(...codes.map((code) => {
    const item = document.createElement("li");
    item.className = "mono";
    item.textContent = code;
    return item;
  }));
}
