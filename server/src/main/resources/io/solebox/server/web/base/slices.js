// Work that is long and can wait, done a little at a time: what a person does in between is answered at once.

/** Milliseconds after which work makes room for others. */
export const SLICE = 8;
/** Milliseconds that it waits at most while the page is busy. */
const PATIENCE = 100;

/** @type {(() => void | true)[]} */
let works = [];
let waiting = false;

/**
 * Does it when there is time; works are done in their order. One that is long asks again for its rest.
 * @param {() => void | true} work true if the browser has more to do with what it has drawn than drawing it took: others wait until then
 */
export function slowly(work) {
  works.push(work);
  wait();
}

function wait() {
  if (waiting) return;
  waiting = true;
  if ("requestIdleCallback" in globalThis) requestIdleCallback(slice, { timeout: PATIENCE });
  else setTimeout(slice, 16);
}

function slice() {
  waiting = false;
  const now = works;
  works = [];
  const end = performance.now() + SLICE;
  let done = 0;
  /** @type {void | true} */
  let much;
  do {
    try {
      much = /** @type {() => void | true} */ (now[done++])();
    } catch (error) {
      much = undefined;
      console.error(error);
    }
  } while (much !== true && done < now.length && performance.now() < end);
  works = [...now.slice(done), ...works];
  if (works.length) wait();
}
