package io.solebox.hardware.power;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What cards draw that have no power limit, from {@code cards.tsv}, a source in each row. */
final class CardTable {
  /** The most that any card draws that is sold: an H100-SXM5's limit. */
  static final double WORST_WATTS = 700;

  /**
   * @param part of its name, as NVML says it
   * @param watts at worst, without any limit
   */
  record Row(String part, double watts, String source) {}

  private static final List<Row> ROWS = read();

  private CardTable() {}

  static Optional<Row> of(String name) {
    return ROWS.stream().filter(row -> name.contains(row.part())).findFirst();
  }

  private static List<Row> read() {
    try (var in =
        new BufferedReader(
            new InputStreamReader(
                CardTable.class.getResourceAsStream("cards.tsv"), StandardCharsets.UTF_8))) {
      return in.lines()
          .filter(line -> !line.startsWith("#") && !line.isBlank())
          .map(line -> line.split("\t"))
          .map(cells -> new Row(cells[0], Double.parseDouble(cells[1]), cells[2]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
