package io.solebox.server.audit;

import java.util.Optional;

/**
 * Which entries somebody wants to see.
 *
 * @param action as in {@code user.add}, or its first words, as in {@code user}
 * @param actor who did it, by the whole name
 * @param subject to whom or to what, by the whole name
 */
public record AuditFilter(
    Optional<String> action, Optional<String> actor, Optional<String> subject) {
  /** Holds for an entry; its parameters are those of {@link #with} but the first and the last. */
  static final String SQL =
      "(? = '' OR action = ? OR substr(action, 1, length(?) + 1) = ? || '.')"
          + " AND (? = '' OR actor = ?) AND (? = '' OR subject = ?)";

  Object[] with(long seq, int most) {
    String does = action.orElse("");
    String who = actor.orElse("");
    String what = subject.orElse("");
    return new Object[] {seq, does, does, does, does, who, who, what, what, most};
  }
}
