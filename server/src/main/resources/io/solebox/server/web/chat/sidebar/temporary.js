// A chat that leaves no trace.

import { go } from "../routes.js";
import { state } from "../state.js";

export function newTemporary() {
  go("/");
  state.set({ temporary: true });
}
