// A chat is a tree: what is read is the way from its beginning to the current message, and on along the newest.

/** @typedef {import("./state.js").Message} Message */

/** What is behind each message of a list, by parent and role: found once for each list. @type {WeakMap<Message[], Map<string, Message[]>>} */
const families = new WeakMap();

/** @param {Message} message */
const familyOf = (message) => `${message.role} ${message.parent ?? ""}`;

/**
 * Those with the same parent and role, the oldest first.
 * @param {Message[]} messages not changed since it was asked about first
 * @param {Message} of
 * @returns {Message[]}
 */
export function siblings(messages, of) {
  let known = families.get(messages);
  if (!known) {
    known = new Map();
    for (const one of messages) {
      const name = familyOf(one);
      const family = known.get(name);
      if (family) family.push(one);
      else known.set(name, [one]);
    }
    for (const family of known.values()) family.sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1));
    families.set(messages, known);
  }
  return known.get(familyOf(of)) ?? [];
}

/**
 * @param {Message[]} messages
 * @param {string | null} current
 * @returns {Message[]} from the first message on
 */
export function pathTo(messages, current) {
  const byId = new Map(messages.map((one) => [one.id, one]));
  /** @type {Map<string | null, Message>} the newest of each parent */
  const newest = new Map();
  for (const one of messages) {
    const other = newest.get(one.parent);
    if (!other || one.created > other.created || (one.created === other.created && one.id > other.id)) newest.set(one.parent, one);
  }
  /** @type {Message[]} */
  const path = [];
  const seen = new Set();
  for (let one = current ? byId.get(current) : undefined; one && !seen.has(one.id); one = one.parent ? byId.get(one.parent) : undefined) {
    seen.add(one.id);
    path.push(one);
  }
  path.reverse();
  for (let next = newest.get(path.at(-1)?.id ?? null); next && !seen.has(next.id); next = newest.get(next.id)) {
    seen.add(next.id);
    path.push(next);
  }
  return path;
}

/**
 * The end of the way through a message.
 * @param {Message[]} messages
 * @param {string} through
 */
export function leafBelow(messages, through) {
  return pathTo(messages, through).at(-1)?.id ?? through;
}

/**
 * A message and all that hangs on it.
 * @param {Message[]} messages
 * @param {string} root
 * @returns {Set<string>}
 */
export function below(messages, root) {
  const ids = new Set([root]);
  for (let grew = true; grew;) {
    grew = false;
    for (const one of messages) {
      if (one.parent && ids.has(one.parent) && !ids.has(one.id)) {
        ids.add(one.id);
        grew = true;
      }
    }
  }
  return ids;
}
