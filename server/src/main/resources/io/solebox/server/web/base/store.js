// What a page knows, in one place: changed by patches, drawn at most once for each frame.

/**
 * @template {object} S
 * @typedef {{
 *   get: () => S,
 *   set: (patch: Partial<S>) => void,
 *   subscribe: (hear: (state: S, before: S) => void) => () => void,
 * }} Store
 */

/**
 * A store whose subscribers hear of changes in the next frame, several changes at once.
 * @template {object} S
 * @param {S} first
 * @param {(work: () => void) => void} [frame] how to wait for the next frame
 * @returns {Store<S>}
 */
export function store(first, frame = nextFrame) {
  let state = first;
  let told = first;
  let waiting = false;
  /** @type {Set<(state: S, before: S) => void>} */
  const hearers = new Set();

  function tell() {
    waiting = false;
    const before = told;
    told = state;
    for (const hear of [...hearers]) hear(state, before);
  }

  return {
    get: () => state,
    set(patch) {
      const names = /** @type {(keyof S)[]} */ (Object.keys(patch));
      if (names.every((name) => Object.is(state[name], patch[name]))) return;
      state = { ...state, ...patch };
      if (waiting) return;
      waiting = true;
      frame(tell);
    },
    subscribe(hear) {
      hearers.add(hear);
      return () => { hearers.delete(hear); };
    },
  };
}

/**
 * The next frame; in a tab that nobody sees there are none, so soon after.
 * @param {() => void} work
 */
export function nextFrame(work) {
  if (document.hidden) setTimeout(work, 50);
  else requestAnimationFrame(() => work());
}
