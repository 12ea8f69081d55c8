package io.solebox.backend.cuda.fake;

/**
 * In which of the orders that a GPU may choose things happen. Results must not depend on it.
 *
 * @param deferCopies {@code cp.async} copies when it is waited for, not at once
 * @param reversed blocks and warps run last to first
 */
public record Schedule(boolean deferCopies, boolean reversed) {
  public static final Schedule EAGER = new Schedule(false, false);
  public static final Schedule DEFERRED = new Schedule(true, true);
}
