// What is done when the server does not know who asks.

import "./apart/ready.js";
import { ask, key } from "../base/api.js";
import { askText } from "../base/dialog.js";
import { say } from "../base/words.js";

let leaving = false;

/** People with accounts sign in; where there are only keys of programs, one of them is asked for. @param {import("../base/api.js").Refusal} refusal */
export async function signIn(refusal) {
  if (leaving) return;
  leaving = true;
  const { accounts } = await ask("GET", "/auth");
  if (accounts || refusal.code === "setup_required") {
    location.assign(`/signin?next=${encodeURIComponent(location.pathname)}`);
    return;
  }
  const given = await askText(say("key.title"), { label: say("key.label"), action: say("key.use") });
  if (given?.trim()) {
    key.set(given.trim());
    location.reload();
  }
  leaving = false;
}
