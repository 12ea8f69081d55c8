package io.solebox.scout.judge;

import io.solebox.scout.item.Seller;
import io.solebox.scout.item.Sighting;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.net.URI;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
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

  private final Database database;
  private volatile LocalDate pruned = LocalDate.MIN;

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
    List<Long> marks = marks(sql, picture);
    long mark = mark(picture, sighting.seller().get());
    if (marks.size() < MOST_SELLERS && !marks.contains(mark)) {
      sql.update(
          "INSERT INTO picture_shown (picture, mark, day) VALUES (?, ?, ?)",
          picture,
          mark,
          day.toEpochDay());
    }
  }

  private void prune(Sql sql, LocalDate day) throws SQLException {
    if (day.isAfter(pruned)) {
      sql.update("DELETE FROM picture_shown WHERE day < ?", day.toEpochDay() - KEPT_DAYS);
      pruned = day;
    }
  }

  private static List<Long> marks(Sql sql, long picture) throws SQLException {
    return sql.list(
        row -> row.getLong(1), "SELECT mark FROM picture_shown WHERE picture = ?", picture);
  }

  /** How many others have shown its picture, as far as they are remembered. */
  int others(Sighting sighting) {
    if (sighting.image().isEmpty() || sighting.seller().isEmpty()) {
      return 0;
    }
    long picture = picture(sighting.image().get());
    long own = mark(picture, sighting.seller().get());
    List<Long> marks = database.read(sql -> marks(sql, picture));
    return (int) marks.stream().filter(mark -> mark != own).count();
  }
}
