package io.solebox.hardware.table;

import java.util.Collections;
import java.util.List;

/**
 * Numbers of one cell: one, several of which one holds, or both ends of a range.
 *
 * @param values at least one, in the unit of the {@link Quantity}
 * @param source where they were read
 */
public record Figure(List<Double> values, String source) {
  public Figure {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException("a figure without a number: " + source);
    }
  }

  /** The smallest. */
  public double low() {
    return Collections.min(values);
  }

  /** The largest. */
  public double high() {
    return Collections.max(values);
  }

  /** Numbers between bars or dots, decimal, or hexadecimal where they are whole. */
  static Figure of(CellTable.Cell cell) {
    List<Double> values =
        List.of(cell.value().split("\\||\\.\\.")).stream().map(Figure::number).toList();
    return new Figure(values, cell.source());
  }

  private static double number(String text) {
    return text.startsWith("0x") ? Long.decode(text).doubleValue() : Double.parseDouble(text);
  }
}
