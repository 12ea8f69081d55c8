package io.solebox.server.audit;

import io.solebox.server.box.BoxKey;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Who did what that counts, as a chain that only grows: each entry has the digest of the one
 * before, and the box signs how far it is ({@link Head}): every {@value #ENTRIES_PER_HEAD} entries,
 * every day, and when a server ends. Entries are written in the transaction of what they tell of,
 * so that neither is there without the other. Safe for many threads and several processes.
 */
public final class AuditLog {
  static final int ENTRIES_PER_HEAD = 100;
  static final Duration HEAD_AGE = Duration.ofDays(1);

  private final Database database;
  private final BoxKey key;
  private final AuditTime time;

  AuditLog(Database database, BoxKey key, Clock clock, LongSupplier nanos) {
    this.database = database;
    this.key = key;
    this.time = new AuditTime(clock, nanos);
  }

  /**
   * The log of a box.
   *
   * @param folder of the box, where its key is, or is made
   * @throws io.solebox.engine.error.SoleboxException if the key cannot be used
   */
  public static AuditLog of(Database database, Path folder) {
    return new AuditLog(database, BoxKey.in(folder), Clock.systemUTC(), System::nanoTime);
  }

  /**
   * Writes an entry, as a part of the transaction that makes the change it tells of.
   *
   * @return it in its place
   */
  public Link append(Sql sql, Entry entry) throws SQLException {
    Tip tip = AuditTables.tip(sql);
    AuditTime.Stamp now = time.after(tip.at());
    Entry told = now.jump().map(jump -> entry.with("clock", jump)).orElse(entry);
    Link link = Link.behind(tip, now.at(), told);
    AuditTables.add(sql, link);
    if (link.seq() - AuditTables.lastHead(sql).map(Head::seq).orElse(0L) >= ENTRIES_PER_HEAD) {
      sign(sql);
    }
    return link;
  }

  /**
   * Writes an entry about what is in no table, in a transaction of its own: before anybody is told
   * that it was done.
   *
   * @throws io.solebox.engine.error.SoleboxException {@code IO_ERROR}
   */
  public Link append(Entry entry) {
    return database.transaction(sql -> append(sql, entry));
  }

  /**
   * Signs the end of the chain, if it is not signed yet.
   *
   * @return what covers it; empty while there is no entry
   */
  public Optional<Head> sign() {
    return database.transaction(this::sign);
  }

  private Optional<Head> sign(Sql sql) throws SQLException {
    Tip tip = AuditTables.tip(sql);
    Optional<Head> last = AuditTables.lastHead(sql);
    if (tip.seq() == last.map(Head::seq).orElse(0L)) {
      return last;
    }
    long number = last.map(Head::number).orElse(0L) + 1;
    Head head = Head.of(number, tip, Math.max(tip.at(), time.now()), key);
    AuditTables.add(sql, head);
    return Optional.of(head);
  }

  /** Signs if an entry has waited for it for a day; to be called now and then. */
  void signDaily() {
    database.transaction(
        sql -> {
          long signed = AuditTables.lastHead(sql).map(Head::seq).orElse(0L);
          long dayAgo = time.now() - HEAD_AGE.toMillis();
          boolean waits = AuditTables.oldest(sql, signed).filter(at -> at <= dayAgo).isPresent();
          return waits ? sign(sql) : Optional.empty();
        });
  }

  /** How many entries lie behind the last head. */
  long unsigned() {
    return database.transaction(
        sql -> AuditTables.tip(sql).seq() - AuditTables.lastHead(sql).map(Head::seq).orElse(0L));
  }

  /** The last entry of an action; empty where there is none, or it cannot be read. */
  public Optional<Link> last(String action) {
    return database
        .transaction(sql -> AuditTables.last(sql, action))
        .flatMap(
            recorded ->
                switch (recorded) {
                  case Recorded.Readable(Link link) -> Optional.of(link);
                  case Recorded.Unreadable _ -> Optional.empty();
                });
  }

  /** The key that signs. */
  public BoxKey key() {
    return key;
  }
}
