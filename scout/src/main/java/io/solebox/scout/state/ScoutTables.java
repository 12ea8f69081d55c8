package io.solebox.scout.state;

import io.solebox.engine.error.SoleboxException;
import io.solebox.storage.Database;
import io.solebox.storage.Schema;
import java.nio.file.Path;
import java.util.List;

/** The database of the scout: its tables, and how it is opened. */
public final class ScoutTables {
  /** By which the file goes in the folder of the scout's data. */
  public static final String FILE = "scout.db";

  private static final Schema SCHEMA =
      new Schema(
          "The scout",
          "name another folder with --state",
          "Move the file away and begin anew: the first round is silent then, and prices are"
              + " gathered from there on.",
          name -> ScoutTables.class.getResourceAsStream(name),
          List.of("1-items.sql", "2-outbox.sql", "3-prices.sql", "4-page.sql", "5-quota.sql"));

  private ScoutTables() {}

  /**
   * As {@link Database#open}.
   *
   * @throws SoleboxException {@code IO_ERROR}
   */
  public static Database open(Path file) {
    return Database.open(file, SCHEMA);
  }
}
