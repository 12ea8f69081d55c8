// The first page: set up, sign in, second step, passkey, an issuer; and what a code of an administrator opens.

import { $, ask, canPasskeys, during, onClick, onSubmit, say, showEnrolment, usePasskey }
  from "./server.js";

// Why an issuer's people are sent back here.
const OIDC = {
  cancelled: "Nobody was signed in there.",
  failed: "The answer of the issuer could not be believed. Try again; the server's log says why.",
  unknown: "You have no account here. Ask an administrator.",
  waiting: "Your account is made; an administrator has to approve it.",
  disabled: "Your account is disabled. Ask an administrator.",
  name: "Your name is taken here. Sign in with your password and link the accounts, or ask an administrator.",
  group: "None of your groups is known here. Ask an administrator.",
  linked: "Another account here is linked with yours already.",
};

// What a form with a code, a name and a new password is for.
const JOIN = {
  setup: {
    title: "Set up this box",
    about: "The first account is an administrator's.",
    hint: "The server's console shows it. It proves that you stand in front of the machine.",
    path: "auth/setup", code: true, name: true, does: "Make the account",
  },
  invitation: {
    title: "Use an invitation",
    about: "It makes you an account here.",
    hint: "From whoever has invited you.",
    path: "auth/invitation", code: true, name: true, does: "Make the account",
  },
  reset: {
    title: "Choose another password",
    about: "Whoever is signed in with the old one is no longer.",
    hint: "From an administrator.",
    path: "auth/reset", code: true, name: false, does: "Choose it",
  },
  signUp: {
    title: "Ask for an account",
    about: "An administrator has to approve it.",
    hint: "",
    path: "auth/sign-up", code: false, name: true, does: "Ask",
  },
};

const STEPS = ["join", "sign-in", "other-ways", "enrol", "second"];
let joining = JOIN.setup;
let second = null; // what the server wants beside the password

function show(title, about, ...steps) {
  $("title").textContent = title;
  $("about").textContent = about;
  STEPS.forEach((step) => { $(step).hidden = !steps.includes(step); });
  document.querySelector("form:not([hidden]) .field:not([hidden]) input")?.focus();
}

function showSignIn() {
  second = null;
  show("Sign in", location.host, "sign-in", "other-ways");
}

function showJoin(what) {
  joining = what;
  $("join-hint").textContent = what.hint;
  $("join-do").textContent = what.does;
  for (const part of ["code", "name"]) {
    $(`join-${part}-field`).hidden = !what[part];
    $(`join-${part}`).required = what[part];
  }
  $("join-back").hidden = what === JOIN.setup;
  show(what.title, what.about, "join");
}

// Where people wanted to go; only places of this server.
function done(elsewhere) {
  const to = new URLSearchParams(location.search).get("to") ?? "/";
  location.assign(elsewhere ?? (/^\/(?![/\\])/.test(to) ? to : "/"));
}

// What the server answers to a step: signed in, or what is still missing.
function goOn(answer) {
  second = answer.second_factor ?? null;
  if (!second) {
    done();
  } else if (second.kinds.includes("passkey")) {
    showSignIn();
    say("This account must have a second factor: use your passkey.", "plain");
  } else {
    $("code").value = "";
    const enrolment = second.challenge.totp_enrolment;
    $("code-hint").hidden = Boolean(enrolment);
    if (enrolment) {
      showEnrolment(enrolment);
      show("Add an authenticator app", "Your role or group must have one.", "enrol", "second");
    } else {
      show("Second step", location.host, "second");
    }
  }
}

onSubmit("join", async () => {
  if ($("join-password").value !== $("join-again").value) {
    throw new Error("The two passwords differ.");
  }
  const wish = { password: $("join-password").value };
  if (joining.code) wish.code = $("join-code").value;
  if (joining.name) wish.name = $("join-name").value;
  const answer = await ask("POST", joining.path, wish);
  $("join-password").value = $("join-again").value = "";
  if (joining === JOIN.reset || joining === JOIN.signUp) {
    const asked = joining === JOIN.signUp;
    showSignIn();
    say(asked ? "An administrator has to approve your account." : "Sign in with the new password.", "good");
  } else {
    goOn(answer);
  }
});

onSubmit("sign-in", async () => {
  const password = $("password").value;
  $("password").value = "";
  goOn(await ask("POST", "auth/sign-in", { name: $("name").value, password }));
});

onSubmit("second", async () => {
  const typed = $("code").value.replaceAll(" ", "");
  const digits = /^\d{6}$/.test(typed) ? "totp" : "recovery_code";
  const enrols = second.kinds.includes("totp_enrolment");
  const kind = enrols ? "totp_enrolment" : digits;
  await ask("POST", "auth/second-factor", { code: second.code, [kind]: typed });
  done(enrols ? "/account?new=app" : undefined);
});

onClick("back", async () => showSignIn());
onClick("join-back", async () => showSignIn());
onClick("have-invitation", async () => showJoin(JOIN.invitation));
onClick("have-reset", async () => showJoin(JOIN.reset));
onClick("ask-account", async () => showJoin(JOIN.signUp));

onClick("passkey", async () => {
  const credential = await usePasskey(await ask("POST", "auth/passkeys/request"));
  goOn(await ask("POST", "auth/passkeys/sign-in", { credential }));
});

onClick("oidc", async () => location.assign("/auth/oidc/start"));

// Which ways there are.
during($("main"), async () => {
  const [state, ways] = await Promise.all([ask("GET", "auth"), ask("GET", "auth/ways")]);
  $("passkey").hidden = !(ways.passkeys && canPasskeys());
  $("ask-account").hidden = !state.sign_up;
  $("oidc").hidden = !ways.oidc;
  if (ways.oidc) $("oidc").textContent = `Sign in with ${new URL(ways.oidc).host}`;
  if (state.accounts) showSignIn();
  else showJoin(JOIN.setup);
  const back = new URLSearchParams(location.search).get("oidc");
  if (back) say(OIDC[back] ?? OIDC.failed);
});
