package io.solebox.server.knowledge.store;

import java.util.Locale;

/** What somebody may do with a collection, the least first. */
public enum Access {
  /** Ask it, and read what its documents say. */
  READ,
  /** Also add documents and take them away. */
  WRITE,
  /** Also change, share and delete it. */
  OWNER;

  /** As JSON has it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean covers(Access wanted) {
    return compareTo(wanted) >= 0;
  }
}
