// Somebody's own account: second steps, passkeys, password, sessions, keys.

import { $, ask, canPasskeys, during, makePasskey, onClick, onSubmit, say, showCodes, showEnrolment }
  from "./server.js";

const day = (time) => (time ? new Date(time).toLocaleString() : "never");

function row(title, about, ...buttons) {
  const item = document.createElement("li");
  const text = document.createElement("div");
  text.className = "grow";
  const head = document.createElement("div");
  head.textContent = title;
  const more = document.createElement("div");
  more.className = "small soft";
  more.textContent = about;
  text.append(head, more);
  item.append(text, ...buttons);
  return item;
}

function button(words, label, work) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-danger";
  made.textContent = words;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", () => during(made, work));
  return made;
}

function fill(list, items, none) {
  $(list).replaceChildren(...(items.length ? items : [row(none, "")]));
}

async function showFactors() {
  const factors = await ask("GET", "auth/factors");
  $("app-state").textContent = factors.app
    ? `On; ${factors.recovery_codes_left} recovery codes left`
    : factors.required ? "Off, but your role must have one" : "Off";
  $("app-begin").hidden = factors.app;
  $("app-change").hidden = !factors.app;
  $("app-confirm").hidden = true;
  fill("passkeys", factors.passkeys.map((passkey) => row(
    passkey.name,
    `For ${passkey.host}. Used last: ${day(passkey.last_use)}`,
    button("Remove", `Remove ${passkey.name}`, async () => {
      await ask("DELETE", `auth/passkeys/${encodeURIComponent(passkey.id)}`);
      await showFactors();
    }),
  )), "None yet.");
  $("passkey-add").hidden = !canPasskeys();
}

async function showSessions() {
  const sessions = (await ask("GET", "auth/sessions")).data;
  fill("sessions", sessions.map((session) => row(
    session.current ? `${session.address} (this browser)` : session.address,
    `${session.agent}. Since ${day(session.created)}, used last ${day(session.last_use)}`,
    ...(session.current ? [] : [button("Sign out", `Sign out ${session.address}`, async () => {
      await ask("DELETE", `auth/sessions/${session.id}`);
      await showSessions();
    })]),
  )), "Nowhere.");
}

async function showKeys() {
  const keys = (await ask("GET", "auth/keys")).data;
  fill("keys", keys.map((key) => row(
    key.name,
    `${key.shown}… Used last: ${day(key.last_use)}${key.expires ? `. Until ${day(key.expires)}` : ""}`,
    button("Revoke", `Revoke ${key.name}`, async () => {
      await ask("DELETE", `auth/keys/${key.id}`);
      await showKeys();
    }),
  )), "None yet.");
}

onSubmit("app-begin", async () => {
  const enrolment = await ask("POST", "auth/factors/app", { password: $("begin-password").value });
  $("begin-password").value = "";
  showEnrolment(enrolment);
  $("app-begin").hidden = true;
  $("app-confirm").hidden = false;
  $("confirm-code").focus();
});

onSubmit("app-confirm", async () => {
  const answer = await ask("POST", "auth/factors/app/confirm", { code: $("confirm-code").value });
  $("confirm-code").value = "";
  $("qr").replaceChildren();
  $("secret").textContent = "";
  await showFactors();
  showRecovery(answer);
});

function showRecovery(answer) {
  showCodes(answer.recovery_codes);
  $("shown-once").hidden = false;
}

onClick("kept", async () => {
  $("codes").replaceChildren();
  $("shown-once").hidden = true;
});

$("app-change").addEventListener("submit", (event) => {
  event.preventDefault();
  const remove = event.submitter?.value === "remove";
  during(event.currentTarget, async () => {
    const body = { password: $("change-password").value, code: $("change-code").value };
    $("change-code").value = "";
    const path = remove ? "auth/factors/app/remove" : "auth/factors/recovery-codes";
    const answer = await ask("POST", path, body);
    $("change-password").value = "";
    await showFactors();
    if (remove) say("The app is removed.", "good");
    else showRecovery(answer);
  });
});

onSubmit("passkey-add", async () => {
  const options = await ask("POST", "auth/passkeys/creation", { password: $("passkey-password").value });
  const credential = await makePasskey(options);
  await ask("POST", "auth/passkeys", { name: $("passkey-name").value, credential });
  $("passkey-name").value = $("passkey-password").value = "";
  await showFactors();
  say("The passkey is added.", "good");
});

onSubmit("password-change", async () => {
  await ask("POST", "auth/password", {
    password: $("password-old").value,
    new_password: $("password-new").value,
  });
  $("password-old").value = $("password-new").value = "";
  await showSessions();
  say("The password is changed.", "good");
});

onSubmit("key-add", async () => {
  const made = await ask("POST", "auth/keys", { name: $("key-name").value });
  $("key-name").value = "";
  $("key-secret").textContent = made.key;
  $("new-key").hidden = false;
  await showKeys();
});

onClick("link", async () => location.assign((await ask("POST", "auth/oidc/link")).url));

onClick("sign-out", async () => {
  await ask("POST", "auth/sign-out");
  location.assign("/signin");
});

during($("main"), async () => {
  try {
    const { user } = await ask("GET", "auth/me");
    if (!user) throw new Error("You have no account here, or came with a key of a file.");
    $("who").textContent = user.name;
    $("password-user").value = user.name;
    $("about").textContent = [user.role, user.group].filter(Boolean).join(", ");
    const ways = await ask("GET", "auth/ways");
    $("link").hidden = !ways.oidc;
    if (ways.oidc) $("link").textContent = `Link with ${new URL(ways.oidc).host}`;
    await Promise.all([showFactors(), showSessions(), showKeys()]);
    if (new URLSearchParams(location.search).has("new")) {
      say("The app is set up. Make recovery codes now, for when the telephone is lost.", "plain");
    }
  } catch (error) {
    if (error.status === 401) location.assign("/signin?to=/account");
    throw error;
  }
});
