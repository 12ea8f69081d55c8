package io.solebox.store.cleanup;

import io.solebox.store.layout.ModelName;

/**
 * A model that is to leave.
 *
 * @param bytes that are its own
 */
public record Leaver(ModelName name, Reason reason, long bytes) {
  /** Which part of the rule wants it. */
  public enum Reason {
    UNUSED,
    TOO_MUCH,
    DISK_NEARLY_FULL
  }
}
