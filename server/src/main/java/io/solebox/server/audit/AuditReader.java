package io.solebox.server.audit;

import io.solebox.storage.Database;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Reads the log of a box, piece by piece, while others may write it. */
public final class AuditReader {
  private static final int PIECE = 500;

  private final Database database;

  public AuditReader(Database database) {
    this.database = database;
  }

  /** All heads, in the order in which they were signed. */
  public List<Head> heads() {
    return database.read(AuditTables::heads);
  }

  /** Gives all entries in order, those included whose numbers no log gives. */
  public void all(Consumer<Recorded> taker) {
    after(Long.MIN_VALUE, taker);
  }

  /**
   * Gives all entries behind a number, in order.
   *
   * @return the number of the last one; {@code seq} where there was none
   */
  public long after(long seq, Consumer<Recorded> taker) {
    long last = seq;
    List<Recorded> piece = piece(seq);
    while (!piece.isEmpty()) {
      piece.forEach(taker);
      last = piece.getLast().seq();
      piece = piece(last);
    }
    return last;
  }

  /** The first entries behind a number, at most so many. */
  public List<Recorded> after(long seq, int most) {
    return database.read(sql -> AuditTables.after(sql, seq, most));
  }

  /** The first entries of a kind behind a number, at most so many. */
  public List<Recorded> after(AuditFilter which, long seq, int most) {
    return database.read(sql -> AuditTables.after(sql, which, seq, most));
  }

  /** The last entries of a kind before a number, at most so many, in their order. */
  public List<Recorded> before(AuditFilter which, long seq, int most) {
    return database.read(sql -> AuditTables.before(sql, which, seq, most));
  }

  private List<Recorded> piece(long seq) {
    return after(seq, PIECE);
  }

  /** The number before the first entry that is not older than a moment. */
  public long before(Instant since) {
    return database.read(
        sql ->
            AuditTables.firstSince(sql, since.toEpochMilli())
                .map(seq -> seq - 1)
                .orElseGet(() -> Long.MAX_VALUE));
  }

  /** The number before the last entries. */
  public long beforeLast(int most) {
    return database.read(sql -> Math.max(0, AuditTables.tip(sql).seq() - most));
  }
}
