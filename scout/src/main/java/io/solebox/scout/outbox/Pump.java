package io.solebox.scout.outbox;

import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.channel.Delivery;
import io.solebox.scout.channel.Message;
import io.solebox.scout.item.Hashes;
import io.solebox.scout.notice.Word;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Brings what lies in the outbox to the channels. A message is marked before it is sent and done
 * after it was acknowledged, each durably: where the process ends in between, it is sent again
 * under the same key and says that it may be a repeat; nothing else is ever sent twice. Used by one
 * thread, and by one process for one database.
 */
public final class Pump {
  /** To one channel in one pass, so that each gets its turn. */
  private static final int MOST_MESSAGES = 20;

  private static final Duration SWEEP = Duration.ofHours(1);

  private final Database database;
  private final List<Way> ways;
  private final InstantSource clock;
  private final Backoff backoff;
  private Optional<Instant> swept = Optional.empty();

  /**
   * @param random scatters the times at which is tried again
   */
  public Pump(Database database, List<Way> ways, InstantSource clock, RandomGenerator random) {
    this.database = database;
    this.ways = List.copyOf(ways);
    this.clock = clock;
    this.backoff = new Backoff(random);
  }

  /**
   * Sends what is due.
   *
   * @return when to be run again; empty where nothing waits that time alone brings forward
   * @throws SoleboxException {@code IO_ERROR} of the database
   * @throws InterruptedException if it was to end; what was on its way is sent again
   */
  public Optional<Instant> run() throws InterruptedException {
    sweep();
    Optional<Instant> next = Optional.empty();
    for (Way way : ways) {
      next = Waiting.earlier(next, run(way));
    }
    return next;
  }

  private void sweep() {
    Instant now = clock.instant();
    Duration since = swept.map(at -> Duration.between(at, now)).orElse(Duration.ZERO);
    if (swept.isEmpty() || since.abs().compareTo(SWEEP) > 0) {
      boolean jumped = since.isNegative() || since.compareTo(SWEEP.multipliedBy(2)) > 0;
      database.transaction(
          sql -> {
            Outbox.sweep(sql, now, jumped ? Duration.ZERO : since);
            for (Way way : ways) {
              Account.settle(sql, way);
            }
            return true;
          });
      swept = Optional.of(now);
    }
  }

  private Optional<Instant> run(Way way) throws InterruptedException {
    for (int sent = 0; sent < MOST_MESSAGES; sent++) {
      Instant now = clock.instant();
      Optional<Instant> next = database.read(sql -> next(sql, way, now));
      if (next.isEmpty() || next.get().isAfter(now)) {
        return next;
      }
      Optional<Message> message =
          database.transaction(
              sql -> {
                Waiting.dropMuted(sql, way, now);
                return Messages.begin(sql, way, now);
              });
      if (message.isPresent()) {
        Delivery delivery = send(way, message.get());
        database.transaction(sql -> end(sql, way, message.get(), delivery));
      }
    }
    return Optional.of(clock.instant());
  }

  private static Optional<Instant> next(Sql sql, Way way, Instant now) throws SQLException {
    Account account = Account.of(sql, way, now);
    if (account.isStopped()) {
      return Optional.empty();
    }
    return Waiting.earlier(Messages.due(sql, way, now), Waiting.next(sql, way, now))
        .map(due -> due.isAfter(account.next()) ? due : account.next());
  }

  private static Delivery send(Way way, Message message) throws InterruptedException {
    try {
      return way.channel().send(message);
    } catch (RuntimeException e) { // one that is wrong inside keeps no other from its turn
      // Its text may show the address, which may be a secret.
      String what =
          e instanceof SoleboxException known
              ? known.code().wireName()
              : e.getClass().getSimpleName();
      return new Delivery.Later(Duration.ZERO, "it failed: " + what, true);
    }
  }

  private boolean end(Sql sql, Way way, Message message, Delivery delivery) throws SQLException {
    Instant now = clock.instant();
    switch (delivery) {
      case Delivery.Accepted(Duration pause) -> {
        Messages.accepted(sql, message, now);
        Account.accepted(sql, way, now, pause);
      }
      case Delivery.Later(Duration asked, String reason, boolean perhapsArrived) -> {
        Messages.later(sql, message, perhapsArrived);
        int tries = Account.of(sql, way, now).tries();
        Account.later(sql, way, now, backoff.pause(tries, asked), reason);
      }
      case Delivery.Refused(String reason) -> {
        Messages.refused(sql, way, message, reason, now);
        Account.refused(sql, way, now, reason);
      }
      case Delivery.Stopped(String reason, String remedy) -> {
        Messages.later(sql, message, false);
        Account.stopped(sql, way, now, reason, remedy);
        Outbox.put(sql, word(way, message, now, reason, remedy), others(way));
      }
    }
    return true;
  }

  private List<String> others(Way stopped) {
    return ways.stream()
        .map(way -> way.channel().name())
        .filter(name -> !name.equals(stopped.channel().name()))
        .toList();
  }

  /** One for each time that it stops, which is with the same message or another. */
  private static Word word(Way way, Message message, Instant now, String reason, String remedy) {
    String name = way.channel().name();
    return new Word(
        Hashes.of(List.of("stopped", name, way.settings(), message.key(), now.toString())),
        now,
        "The channel " + name + " has stopped",
        "Nothing goes to it any more: %s. %s What is on its way there waits."
            .formatted(reason, remedy));
  }
}
