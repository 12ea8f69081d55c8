import { readFileSync } from "node:fs";

/** Whether a process ends within a second; one that nobody waits for has ended, too. */
export async function ends(pid) {
  for (let wait = 0; wait < 50; wait++) {
    try {
      if (/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"))) {
        return true;
      }
    } catch {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
