package io.solebox.scout.page;

import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.StoredJson;
import io.solebox.scout.judge.Judgement;
import io.solebox.scout.story.Event;
import io.solebox.storage.Sql;
import java.sql.SQLException;

/**
 * What the page shows of things that somebody wants, beside what their listings say. Written in the
 * transaction that takes in what was seen.
 */
public final class Shown {
  private static final String OF_LISTINGS =
      " WHERE NOT EXISTS (SELECT 1 FROM item WHERE item.market = %1$s.market AND item.id ="
          + " %1$s.id AND item.variation = %1$s.variation AND item.gone IS NULL AND item.details"
          + " IS NOT NULL)";

  private Shown() {}

  /** Notes what was made of a sighting of something that somebody wants. */
  public static void judged(Sql sql, ItemKey key, Judgement judgement) throws SQLException {
    sql.update(
        "INSERT INTO shown (market, id, variation, judgement, not_told) VALUES (?, ?, ?, ?, '')"
            + " ON CONFLICT (market, id, variation) DO UPDATE SET judgement ="
            + " excluded.judgement",
        key.market(),
        key.id(),
        key.variation(),
        StoredJson.text(judgement));
  }

  /**
   * Notes what happened to a thing that was judged.
   *
   * @param notTold why nobody is told, as a part of a sentence; empty where somebody is
   */
  public static void happened(Sql sql, Event event, String notTold) throws SQLException {
    ItemKey key = event.sighting().key();
    sql.update(
        "UPDATE shown SET happening = ?, happened = ?, not_told = ? WHERE market = ? AND id = ? AND"
            + " variation = ?",
        event.happening().name(),
        event.at().toEpochMilli(),
        notTold,
        key.market(),
        key.id(),
        key.variation());
  }

  /** Deletes what is left of listings that are gone, or that nobody wants any more. */
  public static void sweep(Sql sql) throws SQLException {
    sql.update("DELETE FROM shown" + OF_LISTINGS.formatted("shown"));
    sql.update("DELETE FROM thumbnail" + OF_LISTINGS.formatted("thumbnail"));
  }
}
