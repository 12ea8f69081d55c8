package io.solebox.scout.settings;

import io.solebox.scout.toml.Places;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Which lines of the file of settings are those of one watch. */
final class WatchLines {
  private WatchLines() {}

  static Optional<String> without(String text, int index) {
    List<Places.Section> sections = Places.of(text).sections();
    List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
    return IntStream.range(0, sections.size())
        .filter(i -> sections.get(i).path().equals("watch[" + index + "]"))
        .boxed()
        .findFirst()
        .map(
            i -> {
              int from = beginning(lines, sections.get(i).line() - 1);
              int to =
                  i + 1 < sections.size()
                      ? beginning(lines, sections.get(i + 1).line() - 1)
                      : end(lines, sections.get(i).line() - 1);
              lines.subList(from, to).clear();
              return String.join("\n", lines);
            });
  }

  /** With the comment that stands right above a head. */
  private static int beginning(List<String> lines, int head) {
    int at = head;
    while (at > 0 && lines.get(at - 1).strip().startsWith("#")) {
      at--;
    }
    return at;
  }

  /** Of the last table: comments behind an empty line are of the file, not of it. */
  private static int end(List<String> lines, int head) {
    int at = lines.size();
    int last = at;
    while (at > head + 1 && isBare(lines.get(at - 1))) {
      at--;
      last = lines.get(at).isBlank() ? at : last;
    }
    return last;
  }

  private static boolean isBare(String line) {
    return line.isBlank() || line.strip().startsWith("#");
  }
}
