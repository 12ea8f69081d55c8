package io.solebox.server.knowledge.chunk;

/** What ends at a place in a text: the later in this list, the better it is to cut there. */
enum Border {
  /** A character, as readers see it. */
  CHARACTER,
  WORD,
  SENTENCE,
  /** A row of a table, an item of a list, a line of code. */
  LINE,
  PARAGRAPH;

  private static final String ENDS_SENTENCE = ".!?…。！？｡؟۔।॥፧፨";
  private static final String CLOSES = "\"')]}»”’）」』】";
  private static final String ENDS_LINE = ENDS_SENTENCE + ":;|}{,：；";
  private static final String BEGINS_LINE = "|-*#>+•·–—0123456789";
  private static final String PARTS_WORDS = "，、；：,;:-/";

  /**
   * What ends at a place.
   *
   * @param space where the white space before it begins; the place itself if there is none
   * @param place where something else follows, or the end
   */
  static Border at(String text, int space, int place) {
    if (place == text.length()) {
      return PARAGRAPH;
    }
    int lines = 0;
    for (int i = space; i < place; i++) {
      lines += text.charAt(i) == '\n' || text.charAt(i) == '\f' ? 1 : 0;
    }
    char before = space == 0 ? ' ' : text.charAt(space - 1);
    if (lines > 1) {
      return PARAGRAPH;
    }
    if (lines == 1 && (has(ENDS_LINE, before) || has(BEGINS_LINE, text.charAt(place)))) {
      return LINE;
    }
    boolean wide = before > '\u2fff'; // sentences of Chinese and Japanese end without a space
    if ((space < place || wide) && endsSentence(text, space)) {
      return SENTENCE;
    }
    return space < place || has(PARTS_WORDS, before) ? WORD : CHARACTER;
  }

  private static boolean endsSentence(String text, int end) {
    int last = end - 1;
    while (last > 0 && has(CLOSES, text.charAt(last))) {
      last--;
    }
    return last >= 0 && has(ENDS_SENTENCE, text.charAt(last));
  }

  private static boolean has(String all, char c) {
    return all.indexOf(c) >= 0;
  }
}
