package io.solebox.engine.generation;

/**
 * Whose work something is, and how urgent.
 *
 * @param user for fairness among users; empty for nobody in particular, and then for a user of its
 *     own
 */
public record Requester(String user, Priority priority) {
  /** Nobody in particular, who waits for it. */
  public static final Requester NOBODY = new Requester("", Priority.INTERACTIVE);
}
