package io.solebox.scout.state;

import io.solebox.scout.item.Sighting;
import io.solebox.scout.story.Event;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.util.List;

/** Hears what is seen and what happens, in the transaction that remembers it. */
public interface Hearing {
  /**
   * All that decides whom things concern, as one text: where it is another, all is looked at anew.
   */
  String wishes();

  /** Whom a thing concerns; asked once for each sighting, and knows nothing of the state. */
  Interest interest(Sighting seen);

  /** A sighting, with news or without. */
  void seen(Sql sql, Sighting seen, Interest interest) throws SQLException;

  /**
   * Something happened.
   *
   * @param before the watches that wanted it before
   */
  void happened(Sql sql, Event event, Interest interest, List<String> before) throws SQLException;

  /**
   * Nothing happened to a thing that is for sale, but watches want it that did not before: it has
   * come to where they look.
   *
   * @param event that it is new, to them
   * @param fresh those watches
   */
  void wantedAnew(Sql sql, Event event, Interest interest, List<String> fresh) throws SQLException;
}
