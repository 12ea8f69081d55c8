package io.solebox.server.tools;

import java.util.List;

/** Offers tools; which ones may change while the server runs. Safe for many threads. */
@FunctionalInterface
public interface ToolSource {
  /** Those that can be called now. Returns at once. */
  List<Tool> tools();

  /** How it is with those that they come from, where that is not this server. */
  default List<SourceState> states() {
    return List.of();
  }
}
