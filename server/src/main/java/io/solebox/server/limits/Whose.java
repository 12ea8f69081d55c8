package io.solebox.server.limits;

import java.util.Locale;

/** Whom a limit is for. */
public enum Whose {
  KEY("your key"),
  ACCOUNT("your account"),
  GROUP("your group"),
  SERVER("this server");

  private final String words;

  Whose(String words) {
    this.words = words;
  }

  /** As the one who is refused calls it. */
  public String words() {
    return words;
  }

  /** A stable name. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
