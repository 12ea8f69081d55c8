package io.solebox.server.web;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Takes out what our sources say to those who read them, and browsers need not fetch. */
final class Comments {
  private static final Pattern IN_STYLES = Pattern.compile("(?s)/\\*.*?\\*/|(?m)^ +");

  private Comments() {}

  /**
   * A style sheet without comments, and without spaces at the beginnings of lines. No text in one
   * of ours may have either.
   *
   * @param style in UTF-8
   */
  static byte[] ofStyle(byte[] style) {
    String whole = new String(style, StandardCharsets.UTF_8);
    return IN_STYLES.matcher(whole).replaceAll("").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * A script without the lines that are only comments. Other lines stay as they are and where they
   * are, so that what goes wrong is told at its place in the source. No text in a script of ours
   * may have a line that looks like a comment.
   *
   * @param script in UTF-8
   */
  static byte[] ofScript(byte[] script) {
    StringBuilder kept = new StringBuilder(script.length);
    boolean inside = false;
    for (String line : new String(script, StandardCharsets.UTF_8).lines().toList()) {
      String words = line.strip();
      boolean begins = !inside && words.startsWith("/**") && !words.contains("*/");
      boolean comment = inside || begins || words.startsWith("//") || isWhole(words);
      inside = (inside || begins) && !words.endsWith("*/");
      kept.append(comment ? "" : line).append('\n');
    }
    return kept.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A cast begins like a comment, but code follows. */
  private static boolean isWhole(String words) {
    return words.startsWith("/**") && words.indexOf("*/") == words.length() - 2;
  }
}
