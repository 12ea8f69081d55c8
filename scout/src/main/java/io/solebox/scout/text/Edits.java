package io.solebox.scout.text;

/** How far words are from each other. */
final class Edits {
  private Edits() {}

  /**
   * Whether at most {@code most} letters are put in, left out, changed, or swapped with a neighbour
   * (Damerau 1964; Levenshtein 1966; no letter is changed twice).
   */
  static boolean within(String a, String b, int most) {
    if (Math.abs(a.length() - b.length()) > most) {
      return false;
    }
    int[] before = new int[b.length() + 1];
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      int least = i;
      for (int j = 1; j <= b.length(); j++) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int edits = Math.min(above[j - 1] + (same ? 0 : 1), 1 + Math.min(above[j], row[j - 1]));
        row[j] = isSwapped(a, b, i, j) ? Math.min(edits, before[j - 2] + 1) : edits;
        least = Math.min(least, row[j]);
      }
      if (least > most) {
        return false;
      }
      before = above;
      above = row;
    }
    return above[b.length()] <= most;
  }

  private static boolean isSwapped(String a, String b, int i, int j) {
    return i > 1
        && j > 1
        && a.charAt(i - 1) == b.charAt(j - 2)
        && a.charAt(i - 2) == b.charAt(j - 1);
  }

  /** Whether two letters that stand beside each other are swapped, and nothing else. */
  static boolean swapped(String a, String b) {
    if (a.length() != b.length()) {
      return false;
    }
    int at = 0;
    while (at < a.length() && a.charAt(at) == b.charAt(at)) {
      at++;
    }
    return at + 1 < a.length()
        && a.charAt(at) == b.charAt(at + 1)
        && a.charAt(at + 1) == b.charAt(at)
        && a.substring(at + 2).equals(b.substring(at + 2));
  }

  /**
   * A bit for each letter and digit that the word has. One edit changes at most two of them, so
   * words that differ in more need not be compared.
   */
  static long letters(String word) {
    long letters = 0;
    for (int at = 0; at < word.length(); at++) {
      letters |= 1L << (word.charAt(at) % Long.SIZE);
    }
    return letters;
  }

  /** A word in which letters are those digits that they look like. */
  static String alike(String word) {
    return word.replace('o', '0').replace('l', '1').replace('i', '1');
  }
}
