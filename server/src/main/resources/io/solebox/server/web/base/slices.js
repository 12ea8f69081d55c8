// Work that is long and can wait, done a little at a time: what a person does in between is answered at once.

/** Milliseconds after which work makes room for others. */
export const SLICE = 8;
/** Milliseconds that it waits at most while the page is busy. */
const PATIENCE = 100;

/** @type {(() => void)[]} */
let works = [];
let waiting = false;

/**
 * Does it when there is time; works are done in their order. One that is long asks again for its rest.
 * @param {() => void} work
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
  do {
    try {
      /** @type {() => void} */ (now[done++])();
    } catch (error) {
      console.error(error);
    }
  } while (done < now.length && performance.now() < end);
  works = [...now.slice(done), ...works];
  if (works.length) wait();
}
