package io.solebox.engine.spill;

/**
 * What is kept of a prefix at its end.
 *
 * @param prefix to the end of a full block
 * @param kind the number of the group whose block it is; one more than the last of them for a
 *     snapshot of recurrent state
 */
public record SpillKey(PrefixHash prefix, int kind) {}
