package io.solebox.scout.channel.discord;

import io.solebox.scout.channel.Mentions;
import io.solebox.scout.notice.Cut;
import java.util.regex.Pattern;

/** Text as Discord shows it letter by letter. */
final class Markdown {
  private static final Pattern SPECIAL = Pattern.compile("[\\\\*_~`|>#\\[\\]()<]|(?<=:)/|(?<=:/)/");

  private Markdown() {}

  /** Neither markup, nor links, nor mentions. */
  static String escaped(String text) {
    return Mentions.broken(SPECIAL.matcher(text).replaceAll("\\\\$0"));
  }

  /** The same, at most so long; what it was made of is cut, not what was made. */
  static String escaped(String text, int most) {
    String cut = text;
    String escaped = escaped(cut);
    while (escaped.length() > most) {
      int tooMuch = escaped.length() - most;
      cut = Cut.to(cut, Math.max(0, cut.length() - Math.max(1, tooMuch / 2)));
      escaped = escaped(cut);
    }
    return escaped;
  }
}
