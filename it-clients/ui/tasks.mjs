// What the page's main thread does, from Chromium's own trace: each task with its time on the clock and its time of the processor.
// The second is what counts on a machine that others use too.

/**
 * @typedef {{wall: number, cpu: number, at: number, what: string}} Task milliseconds; `what`: the longest things inside
 * @typedef {{name: string, ph: string, pid: number, tid: number, ts: number, dur?: number, tdur?: number, args?: any}} Traced
 */

const CATEGORIES = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline", "blink.user_timing", "v8", "__metadata"];

/**
 * Watches a page until the answer is called, which gives the tasks since.
 *
 * @param {import("playwright-core").Browser} browser
 * @returns {Promise<() => Promise<Task[]>>}
 */
export async function watchTasks(browser) {
  const session = await browser.newBrowserCDPSession();
  /** @type {Traced[]} */
  const events = [];
  session.on("Tracing.dataCollected", ({ value }) => { for (const event of value) events.push(/** @type {any} */ (event)); });
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { recordMode: "recordContinuously", traceBufferSizeInKb: 400_000, includedCategories: CATEGORIES, excludedCategories: ["*"] },
  });
  return async () => {
    const done = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
    await session.send("Tracing.end");
    await done;
    await session.detach();
    return tasksOf(events);
  };
}

/** @param {Traced[]} events @returns {Task[]} */
function tasksOf(events) {
  // The renderer that has done most is the page's.
  const mains = events.filter((one) => one.name === "thread_name" && one.args?.name === "CrRendererMain");
  /** @param {Traced} one */
  const threadOf = (one) => `${one.pid}:${one.tid}`;
  /** @type {Map<string, Traced[]>} */
  const byThread = new Map(mains.map((one) => [threadOf(one), []]));
  for (const one of events) if (one.ph === "X") byThread.get(threadOf(one))?.push(one);
  const page = [...byThread.values()].sort((a, b) => b.length - a.length)[0] ?? [];
  page.sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  const first = page[0]?.ts ?? 0;
  /** @type {Task[]} */
  const tasks = [];
  let end = -1;
  /** @type {Traced[]} */
  let inside = [];
  /** @type {Traced | undefined} */
  let task;
  const close = () => {
    if (!task) return;
    tasks.push({ wall: (task.dur ?? 0) / 1000, cpu: (task.tdur ?? 0) / 1000, at: (task.ts - first) / 1e6, what: longest(inside) });
  };
  for (const one of page) {
    const isTask = one.name === "RunTask" || one.name === "ThreadControllerImpl::RunTask";
    if (isTask && one.ts >= end) {
      close();
      task = one;
      end = one.ts + (one.dur ?? 0);
      inside = [];
    } else if (one.ts < end && !isTask) {
      inside.push(one);
    }
  }
  close();
  return tasks;
}

/** @param {Traced[]} inside */
function longest(inside) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (const one of inside) {
    const data = one.args?.data;
    const name = data?.functionName ? `${one.name} ${data.functionName} ${String(data.url ?? "").split("/").slice(-2).join("/")}:${data.lineNumber}` : one.name;
    sums.set(name, (sums.get(name) ?? 0) + (one.tdur ?? one.dur ?? 0) / 1000);
  }
  return [...sums].sort((a, b) => b[1] - a[1]).slice(0, 7).map(([name, ms]) => `${name} ${ms.toFixed(0)}`).join(", ");
}

/** The bound of a task, in milliseconds. */
export const LONG = 50;

/**
 * Says how long tasks were.
 *
 * @param {string} name
 * @param {Task[]} tasks
 * @param {{details?: number}} [options] `details`: of how many of the longest it says what they were
 */
export function sayTasks(name, tasks, { details = 0 } = {}) {
  const most = (/** @type {(task: Task) => number} */ of) => Math.round(tasks.reduce((max, task) => Math.max(max, of(task)), 0));
  const over = (/** @type {(task: Task) => number} */ of) => tasks.filter((task) => of(task) > LONG).length;
  const sum = tasks.reduce((all, task) => all + task.cpu, 0);
  console.log(`${name}: longest task ${most((task) => task.cpu)} ms of the processor (${over((task) => task.cpu)} over ${LONG}), `
    + `${most((task) => task.wall)} ms on the clock (${over((task) => task.wall)} over ${LONG}); all tasks ${(sum / 1000).toFixed(1)} s of the processor`);
  for (const task of [...tasks].sort((a, b) => b.cpu - a.cpu).slice(0, details)) {
    console.log(`  ${task.cpu.toFixed(0)} ms (${task.wall.toFixed(0)}) at ${task.at.toFixed(1)} s: ${task.what}`);
  }
}
