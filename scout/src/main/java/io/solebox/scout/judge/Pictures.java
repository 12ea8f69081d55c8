package io.solebox.scout.judge;

import io.solebox.scout.item.Seller;
import io.solebox.scout.item.Sighting;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.net.URI;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/**
 * Which pictures more than one seller has shown, by hashes of their addresses. What was in a
 * listing, and which pictures a seller has, cannot be told from what is kept.
 */
final class Pictures {
  /** So long after it was last shown anew a picture is remembered. */
  private static final int KEPT_DAYS = 60;

  /** More sellers than that say nothing more. */
  private static final int MOST_SELLERS = 3;

  /** Markets give one picture in many sizes: {@code s-l225.jpg}, {@code s-l1600.webp}. */
  private static final Pattern SIZE = Pattern.compile("/s-l\\d+\\.\\w+$");

  private static final Pattern THUMBNAILS = Pattern.compile("^/thumbs(?=/)");

  /** So many pictures are held in memory: what one round of searches shows. */
  private static final int MOST_HELD = 4096;

  private final Database database;
  private final SequencedMap<Long, Held> held = new LinkedHashMap<>(16, 0.75f, true);
  private volatile LocalDate pruned = LocalDate.MIN;

  /**
   * What was read on a day: another process may have shown the picture since, so it is read anew.
   */
  private record Held(LocalDate day, List<Long> marks) {}

  Pictures(Database database) {
    this.database = database;
  }

  private static long picture(URI image) {
    String path = THUMBNAILS.matcher(String.valueOf(image.getPath())).replaceFirst("");
    String query = image.getQuery() == null ? "" : image.getQuery();
    return Marks.of(String.valueOf(image.getHost()), SIZE.matcher(path).replaceFirst(""), query);
  }

  private static long mark(long picture, Seller seller) {
    return Marks.of(Long.toString(picture), seller.key());
  }

  /** Remembers who shows its picture; nothing where it has none or nobody is named. */
  void note(Sql sql, Sighting sighting, LocalDate day) throws SQLException {
    if (sighting.image().isEmpty() || sighting.seller().isEmpty()) {
      return;
    }
    prune(sql, day);
    long picture = picture(sighting.image().get());
    long mark = mark(picture, sighting.seller().get());
    if (held(picture, day).filter(marks -> isTold(marks, mark)).isPresent()) {
      return;
    }
    sql.update(
        "INSERT INTO picture_shown (picture, mark, day) SELECT ?, ?, ?"
            + " WHERE (SELECT COUNT(*) FROM picture_shown WHERE picture = ?) < ?"
            + " ON CONFLICT (picture, mark) DO NOTHING",
        picture,
        mark,
        day.toEpochDay(),
        picture,
        MOST_SELLERS);
    // read again and not changed here, as the transaction may yet be undone
    forget(picture);
  }

  private static boolean isTold(List<Long> marks, long mark) {
    return marks.size() >= MOST_SELLERS || marks.contains(mark);
  }

  private Optional<List<Long>> held(long picture, LocalDate day) {
    synchronized (held) {
      return Optional.ofNullable(held.get(picture))
          .filter(each -> each.day().equals(day))
          .map(Held::marks);
    }
  }

  private List<Long> hold(long picture, LocalDate day) {
    List<Long> marks = database.read(sql -> marks(sql, picture));
    synchronized (held) {
      held.put(picture, new Held(day, marks));
      if (held.size() > MOST_HELD) {
        held.pollFirstEntry();
      }
    }
    return marks;
  }

  private void forget(long picture) {
    synchronized (held) {
      held.remove(picture);
    }
  }

  private void prune(Sql sql, LocalDate day) throws SQLException {
    if (day.isAfter(pruned)) {
      sql.update("DELETE FROM picture_shown WHERE day < ?", day.toEpochDay() - KEPT_DAYS);
      synchronized (held) {
        held.clear();
      }
      pruned = day;
    }
  }

  private static List<Long> marks(Sql sql, long picture) throws SQLException {
    return sql.list(
        row -> row.getLong(1), "SELECT mark FROM picture_shown WHERE picture = ?", picture);
  }

  /** How many others have shown its picture, as far as they are remembered. */
  int others(Sighting sighting, LocalDate day) {
    if (sighting.image().isEmpty() || sighting.seller().isEmpty()) {
      return 0;
    }
    long picture = picture(sighting.image().get());
    long own = mark(picture, sighting.seller().get());
    List<Long> marks = held(picture, day).orElseGet(() -> hold(picture, day));
    return (int) marks.stream().filter(mark -> mark != own).count();
  }
}
