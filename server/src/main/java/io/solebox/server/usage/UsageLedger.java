package io.solebox.server.usage;

import io.solebox.server.http.Faults;
import io.solebox.server.limits.Account;
import io.solebox.server.limits.Charge;
import io.solebox.server.limits.Charges;
import io.solebox.server.limits.Payer;
import io.solebox.server.limits.Spendings;
import io.solebox.server.limits.Used;
import io.solebox.storage.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Charges what requests use, each token once, whatever becomes of the process: what an answer used
 * is in the {@link UsageJournal} before anybody hears that the answer has ended, and of one that
 * goes on what it has used so far, every second. From the journal it goes to the table, every
 * second in one transaction, which remembers how far it has come in the journal; what is in the
 * journal of a server that was killed, the next one brings there. Safe for many threads.
 */
public final class UsageLedger implements Charges, AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Database database;
  private final Clock clock;
  private final Faults faults;
  private final UsageJournal journal;
  private final DaySpendings spendings;
  private final Set<Charge> live = ConcurrentHashMap.newKeySet();
  private final Map<UsageTotals, Used> totals = new ConcurrentHashMap<>();
  private final Semaphore end = new Semaphore(0);
  private final Thread thread;

  private final Object writing = new Object(); // of one batch after the other
  private Optional<UsageBatch> unsure = Optional.empty(); // guarded by writing

  private final Object adding = new Object();
  private UsageBatch waiting = new UsageBatch(); // guarded by adding, as the next two
  private long number;
  private boolean journalFails;

  /**
   * A sum since the start.
   *
   * @param user whose it is; for those alone who ask for names
   */
  public record UsageTotals(String user, String group, String model) {}

  /**
   * Begins, with what servers before have left.
   *
   * @param clock whose days are meant
   * @throws io.solebox.engine.error.SoleboxException {@code IO_ERROR}
   */
  public UsageLedger(Database database, Clock clock, Faults faults) {
    this.database = database;
    this.clock = clock;
    this.faults = faults;
    this.spendings = new DaySpendings(database, clock);
    Path folder = database.file().getParent();
    UsageJournal.leftIn(folder).forEach(this::takeOver);
    this.journal = UsageJournal.make(folder);
    this.thread = Thread.ofVirtual().name("usage").start(this::run);
  }

  private void takeOver(UsageJournal left) {
    try (left) {
      List<JournalLine> lines = left.lines();
      database.transaction(
          sql -> {
            long written = UsageTables.written(sql, left.name());
            UsageBatch rest = new UsageBatch();
            lines.stream()
                .filter(line -> line.number() > written)
                .forEach(line -> rest.add(line.number(), line.key(), line.used()));
            UsageTables.add(sql, left.name(), rest);
            return rest.last();
          });
      left.delete();
      database.transaction(
          sql -> {
            UsageTables.forget(sql, left.name());
            return 0;
          });
    } catch (IOException e) {
      faults.problem(UsageJournal.failure(Path.of(left.name()), e), "");
    }
  }

  /** What was used of days, which accounts begin with. */
  public Spendings spendings() {
    return spendings;
  }

  @Override
  public Charge open(Payer payer, String model) {
    Charge charge = new Charge(payer, model, this::settle, live::remove);
    live.add(charge);
    return charge;
  }

  private void settle(Charge charge) {
    Used used = charge.take();
    if (used.isNothing()) {
      return;
    }
    Payer payer = charge.payer();
    totals.merge(new UsageTotals(payer.user(), payer.group(), charge.model()), used, Used::plus);
    UsageKey key = new UsageKey(LocalDate.now(clock).toString(), payer, charge.model());
    synchronized (adding) {
      number++;
      waiting.add(number, key, used);
      journal(new JournalLine(number, key, used));
    }
  }

  /** Where there is no room, the charge waits in memory: no answer fails for that. */
  private void journal(JournalLine line) {
    try {
      journal.append(line);
      journalFails = false;
    } catch (IOException e) {
      if (!journalFails) {
        journalFails = true; // told once
        faults.problem(UsageJournal.failure(Path.of(journal.name()), e), "");
      }
    }
  }

  private void run() {
    try {
      while (!end.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        writeAll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void writeAll() {
    try {
      write();
    } catch (RuntimeException e) {
      faults.problem(e, ""); // in a second there may be room, or the disk be back
    }
  }

  /**
   * Brings to the table what was used up to now.
   *
   * @throws io.solebox.engine.error.SoleboxException {@code IO_ERROR}; it is tried again then
   */
  public void write() {
    live.forEach(this::settle);
    synchronized (writing) {
      if (unsure.isPresent()) {
        commit(unsure.get()); // as it was, since it may be there
        unsure = Optional.empty();
      }
      UsageBatch batch;
      synchronized (adding) {
        batch = waiting;
        waiting = new UsageBatch();
      }
      if (batch.isEmpty() && spendings.isClean()) {
        return;
      }
      unsure = Optional.of(batch);
      commit(batch);
      unsure = Optional.empty();
      shorten(batch);
    }
  }

  private void commit(UsageBatch batch) {
    List<Account> spent = spendings.take();
    boolean done = false;
    try {
      database.transaction(
          sql -> {
            if (!batch.isEmpty()) {
              UsageTables.add(sql, journal.name(), batch);
            }
            spendings.save(sql, spent);
            return 0;
          });
      done = true;
    } finally {
      if (!done) {
        spendings.giveBack(spent);
      }
    }
  }

  private void shorten(UsageBatch written) {
    synchronized (adding) {
      if (waiting.isEmpty() && number == written.last()) {
        try {
          journal.settled();
        } catch (IOException e) {
          // It is longer than it need be.
        }
      }
    }
  }

  /** Sums that were asked for, with what was used up to now. */
  public List<UsageRow> sums(UsageQuery query) {
    write();
    return database.read(sql -> UsageTables.sums(sql, query));
  }

  /** What people call those who are charged. */
  public UsageNames names() {
    return database.read(UsageTables::names);
  }

  /** What was used since the start. */
  public Map<UsageTotals, Used> totals() {
    return Map.copyOf(totals);
  }

  /** Writes what is left, and ends. */
  @Override
  public void close() {
    end.release();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (journal) {
      write();
      journal.delete();
      database.transaction(
          sql -> {
            UsageTables.forget(sql, journal.name());
            return 0;
          });
    } catch (IOException | RuntimeException e) {
      faults.problem(e, ""); // the next server goes on with the journal
    }
  }
}
