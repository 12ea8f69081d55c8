// What is to be said of the slots and of an update, as keys of words: nothing of the page itself.

/**
 * @typedef {"confirmed" | "on_trial" | "failed" | "empty"} State
 * @typedef {{slot: string, version: string | null, state: State, tries_left: number, tries_done: number}} Slot
 * @typedef {{running: Slot, other: Slot, restart_tries_other: boolean}} Slots
 * @typedef {{version?: string, made?: string, bytes?: number, signed_by?: string, older?: boolean, refused?: string}} Kept
 * @typedef {{version: string, slots?: Slots, file?: Kept}} Updates
 */

/**
 * The one thing that somebody should know first.
 * @param {Slots} slots
 * @returns {{key: string, kind: "good" | "bad" | "plain", version: string}}
 */
export function verdict({ running, other, restart_tries_other: tries }) {
  if (tries) return { key: "update.restart.due", kind: "plain", version: other.version ?? "?" };
  if (running.state === "on_trial") return { key: "update.on.trial", kind: "plain", version: running.version ?? "?" };
  if (other.state === "failed") return { key: "update.went.back", kind: "bad", version: other.version ?? "?" };
  return { key: "update.well", kind: "good", version: running.version ?? "?" };
}

/** Whether the other slot holds a system that could be gone back to. @param {Slots} slots */
export const canGoBack = ({ running, other }) => running.state === "on_trial" || other.state === "confirmed";

/** Whether something may be installed now: the other slot is what a system on trial would go back to. @param {Slots} slots */
export const canInstall = ({ running }) => running.state === "confirmed";
