package io.solebox.server.usage;

import io.solebox.server.limits.Used;
import java.util.List;

/**
 * What was used together.
 *
 * @param names of what it is told apart by, in the order of the query
 */
public record UsageRow(List<String> names, Used used) {
  public UsageRow {
    names = List.copyOf(names);
  }
}
