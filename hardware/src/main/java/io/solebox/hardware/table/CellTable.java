package io.solebox.hardware.table;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table of facts in which each cell says where it comes from: lines of subject, field, value and
 * source with tabs between them. Lines that begin with {@code #} are for people.
 */
final class CellTable {
  /**
   * One fact.
   *
   * @param value as it is written
   * @param source where that was read
   */
  record Cell(String value, String source) {}

  private final Map<String, Map<String, Cell>> subjects = new LinkedHashMap<>();

  private CellTable(List<String> lines) {
    for (String line : lines) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] cells = line.split("\t", -1);
        if (cells.length != 4 || cells[3].isBlank()) {
          throw new IllegalArgumentException("a cell without value or source: " + line);
        }
        Map<String, Cell> fields = subjects.computeIfAbsent(cells[0], _ -> new LinkedHashMap<>());
        if (fields.put(cells[1], new Cell(cells[2], cells[3])) != null) {
          throw new IllegalArgumentException("a cell that stands there twice: " + line);
        }
      }
    }
  }

  /** Of the resources beside this class. */
  static CellTable of(String resource) {
    try (InputStream in = CellTable.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("there is no " + resource);
      }
      return new CellTable(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In the order of the file. */
  List<String> subjects() {
    return List.copyOf(subjects.keySet());
  }

  /** In the order of the file. */
  List<String> fields(String subject) {
    return List.copyOf(subjects.getOrDefault(subject, Map.of()).keySet());
  }

  Optional<Cell> cell(String subject, String field) {
    return Optional.ofNullable(subjects.getOrDefault(subject, Map.of()).get(field));
  }

  Optional<String> value(String subject, String field) {
    return cell(subject, field).map(Cell::value);
  }

  /** A number, with where it comes from. */
  Optional<Sourced> sourced(String subject, String field) {
    return cell(subject, field)
        .map(cell -> new Sourced(Double.parseDouble(cell.value()), cell.source()));
  }

  /** Between bars; none where there is no such cell. */
  List<String> values(String subject, String field) {
    return value(subject, field).map(all -> List.of(all.split("\\|"))).orElse(List.of());
  }
}
