package io.solebox.scout.channel;

/** Words of strangers that would call people. */
public final class Mentions {
  /** Breaks a word without being seen. */
  private static final String NOTHING = "\u200b";

  private Mentions() {}

  /** The same to read, and nobody is called: {@code @everyone}, {@code @room}. */
  public static String broken(String text) {
    return text.replace("@", "@" + NOTHING);
  }
}
