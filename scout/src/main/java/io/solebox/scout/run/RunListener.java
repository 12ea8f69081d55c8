package io.solebox.scout.run;

import io.solebox.scout.source.Found;
import io.solebox.scout.source.Refreshed;
import io.solebox.scout.source.Search;

/** Hears what the scout does, to show it. Called by any of its threads. */
public interface RunListener {
  /** A search was answered, or not. */
  void asked(String market, Search search, Found found);

  /** Single things were asked for. */
  void refreshed(String market, int asked, Refreshed refreshed);

  /** Nothing comes from a market until somebody has changed something. */
  void closed(String market, String reason, String remedy);

  /**
   * Something could not be done, and is tried again.
   *
   * @param who a market, or {@code channels}
   */
  void failed(String who, RuntimeException failure);
}
