package io.solebox.app.console;

import java.util.ArrayList;
import java.util.List;

/** Text in lines that people can read. */
public final class Wrapped {
  private static final int WIDTH = 100;

  private Wrapped() {}

  /**
   * Breaks at spaces; a longer word stays whole.
   *
   * @param indent what stands in front of each line
   */
  public static List<String> lines(String text, int indent) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH - indent) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
