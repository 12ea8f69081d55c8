package io.solebox.engine.model.arch;

import io.solebox.engine.error.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of tensors for people: those that differ in the layer alone together, as in {@code
 * blk.0-5,7.attn_q.weight}, so that all of them fit an error.
 */
final class TensorNames {
  /** Kinds of which names are shown; no sound file has as many. */
  private static final int MOST_KINDS = 40;

  private static final Pattern OF_LAYER = Pattern.compile("blk\\.(\\d{1,5})\\.(.*)");

  private TensorNames() {}

  /** As in {@code 3 tensors are}. */
  static String counted(List<String> names) {
    return names.size() == 1 ? "1 tensor is" : names.size() + " tensors are";
  }

  /** All of them, in the order of their first one. */
  static String listed(List<String> names) {
    Map<String, TreeSet<Integer>> layers = new LinkedHashMap<>();
    for (String name : names) {
      Matcher matcher = OF_LAYER.matcher(name);
      if (matcher.matches()) {
        layers
            .computeIfAbsent("." + matcher.group(2), _ -> new TreeSet<>())
            .add(Integer.parseInt(matcher.group(1)));
      } else {
        layers.put(name, new TreeSet<>());
      }
    }
    List<String> shown =
        layers.entrySet().stream()
            .limit(MOST_KINDS)
            .map(
                e ->
                    Printable.name(
                        e.getValue().isEmpty()
                            ? e.getKey()
                            : "blk." + ranges(e.getValue()) + e.getKey()))
            .toList();
    return String.join(", ", shown) + (layers.size() > MOST_KINDS ? " and others" : "");
  }

  /** As in {@code 0-5,7}. */
  private static String ranges(SortedSet<Integer> numbers) {
    List<String> ranges = new ArrayList<>();
    int first = numbers.getFirst();
    int last = first;
    for (int n : numbers) {
      if (n > last + 1) {
        ranges.add(range(first, last));
        first = n;
      }
      last = n;
    }
    ranges.add(range(first, last));
    return String.join(",", ranges);
  }

  private static String range(int first, int last) {
    return first == last ? "" + first : first + "-" + last;
  }
}
