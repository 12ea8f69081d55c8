package io.solebox.app.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Figures by where they were measured, for lines that are not longer than a terminal. */
final class Places {
  private Places() {}

  /** By the words for the place, in the order in which they come. */
  static <T> Map<String, List<T>> grouped(List<T> all, Function<T, Figure> figure) {
    var groups = new LinkedHashMap<String, List<T>>();
    for (T each : all) {
      groups.computeIfAbsent(place(figure.apply(each)), _ -> new ArrayList<>()).add(each);
    }
    return groups;
  }

  private static String place(Figure figure) {
    return figure
        .point()
        .map(at -> at.clients() == 1 ? "One client " + at : at.toString())
        .orElse("In all");
  }

  /** What stands below the place. */
  static String title(Figure figure) {
    return figure.by().isEmpty()
        ? figure.quantity().title()
        : figure.quantity().title() + ", " + figure.by();
  }
}
