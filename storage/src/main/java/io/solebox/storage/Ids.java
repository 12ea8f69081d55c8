package io.solebox.storage;

import java.util.UUID;

/** Names of what is stored; nobody can guess one. */
public final class Ids {
  private Ids() {}

  /**
   * @param prefix as in {@code resp}
   */
  public static String of(String prefix) {
    return prefix
        + "_"
        + UUID.randomUUID().toString().replace("-", "")
        + UUID.randomUUID().toString().substring(0, 8);
  }
}
