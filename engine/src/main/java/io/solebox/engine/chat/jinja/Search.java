package io.solebox.engine.chat.jinja;

/**
 * Finds texts in texts. The JDK's search is quadratic at worst; here a long needle is looked for by
 * its beginning, and what is compared is charged to the budget.
 */
final class Search {
  private static final int PROBE_CHARS = 32;

  private Search() {}

  /** As {@link String#indexOf(String, int)} of the characters. */
  static int first(Budget budget, Text in, Text what, int from) {
    String text = in.string();
    String wanted = what.string();
    String probe = wanted.substring(0, Math.min(PROBE_CHARS, wanted.length()));
    int at = text.indexOf(probe, from);
    charge(budget, probe, at < 0 ? text.length() - from : at - from);
    while (at >= 0 && wanted.length() > PROBE_CHARS && !matches(budget, text, wanted, at)) {
      int next = text.indexOf(probe, at + 1);
      charge(budget, probe, next < 0 ? text.length() - at : next - at);
      at = next;
    }
    return at;
  }

  /** As {@link String#lastIndexOf(String, int)} of the characters. */
  static int last(Budget budget, Text in, Text what, int from) {
    String text = in.string();
    String wanted = what.string();
    String probe = wanted.substring(0, Math.min(PROBE_CHARS, wanted.length()));
    int at = text.lastIndexOf(probe, from);
    charge(budget, probe, at < 0 ? from : from - at);
    while (at >= 0 && wanted.length() > PROBE_CHARS && !matches(budget, text, wanted, at)) {
      int next = text.lastIndexOf(probe, at - 1);
      charge(budget, probe, next < 0 ? at : at - next);
      at = next;
    }
    return at;
  }

  private static boolean matches(Budget budget, String text, String wanted, int at) {
    budget.scan(wanted.length());
    return text.startsWith(wanted, at);
  }

  /** At worst every character is compared with a good part of the probe. */
  private static void charge(Budget budget, String probe, int chars) {
    budget.scan(Math.max(0, chars) * (1L + probe.length() / 8));
  }
}
