package io.solebox.scout.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.channel.Delivery;
import io.solebox.scout.channel.Message;
import io.solebox.scout.state.ScoutTables;
import io.solebox.storage.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process ends between every two steps: nothing is lost, and what is sent twice is only what
 * nobody knew to have arrived, under the same key.
 */
class PumpKilledTest {
  private static final int NEWS = 7;

  /** A channel at the other end: it lives on when this process ends. */
  private static final class Receiver {
    final List<Message> arrived = new ArrayList<>();

    /** Messages that it has acknowledged and whose acknowledgement this process has noted. */
    final Set<String> noted = new HashSet<>();

    private int asked;

    Delivery take(Message message) {
      return switch (++asked % 4) {
        case 2 -> new Delivery.Later(Duration.ofSeconds(1), "busy", false);
        case 3 -> { // it arrives, and the answer is lost
          arrived.add(message);
          yield new Delivery.Later(Duration.ZERO, "no answer", true);
        }
        default -> {
          arrived.add(message);
          yield new Delivery.Accepted();
        }
      };
    }
  }

  @TempDir Path folder;
  private Instant now = News.NOON;

  @Test
  void nothingIsLostAndNothingAcknowledgedIsSentTwice() throws InterruptedException {
    int kills = 0;
    for (int steps = 0; ; steps++) {
      try (Database database = ScoutTables.open(folder.resolve("scout-" + steps + ".db"))) {
        if (!survives(database, steps)) {
          break;
        }
        kills++;
      }
    }
    assertTrue(kills > 15, "only " + kills + " ends");
  }

  /** Returns whether the process ended; runs on to the end with another. */
  private boolean survives(Database database, int steps) throws InterruptedException {
    now = News.NOON;
    Receiver receiver = new Receiver();
    boolean killed = false;
    try {
      run(new KilledDatabase(database, steps), receiver);
    } catch (KilledDatabase.Killed e) {
      killed = true;
      now = now.plusSeconds(60);
      run(new KilledDatabase(database, Integer.MAX_VALUE), receiver);
    }
    check(database, receiver, steps);
    return killed;
  }

  private void run(KilledDatabase database, Receiver receiver) throws InterruptedException {
    noteDone(database, receiver);
    var channel = new ScriptedChannel("one", 3);
    channel.answer =
        message -> {
          database.step(); // right before it is sent
          assertTrue(!receiver.noted.contains(message.key()), "noted and sent again");
          Delivery delivery = receiver.take(message);
          database.step(); // right after
          return delivery;
        };
    database.transaction(
        sql -> {
          for (int i = 0; i < NEWS; i++) {
            Outbox.put(sql, News.of(i, News.NOON), List.of("one"));
          }
          return true;
        });
    var pump =
        new Pump(database, List.of(new Way(channel, "s", Calm.NONE)), () -> now, new Random(1));
    Optional<Instant> next = Optional.of(now);
    while (next.isPresent()) {
      now = next.get().isAfter(now) ? next.get() : now;
      next = pump.run();
      noteDone(database, receiver);
    }
  }

  private static void noteDone(Database database, Receiver receiver) {
    Set<String> open =
        new HashSet<>(
            database.read(sql -> sql.list(r -> r.getString(1), "SELECT key FROM outbox_message")));
    receiver.arrived.stream()
        .map(Message::key)
        .filter(key -> !open.contains(key))
        .forEach(receiver.noted::add);
  }

  private static void check(Database database, Receiver receiver, int steps) {
    Set<String> news = new HashSet<>();
    Set<String> messages = new HashSet<>();
    for (Message message : receiver.arrived) {
      boolean first = messages.add(message.key());
      assertTrue(first || message.perhapsAgain(), "a repeat that does not say so, at " + steps);
      message.news().forEach(one -> assertEquals(first, news.add(one.key()), "at " + steps));
    }
    assertEquals(
        Set.copyOf(IntStream.range(0, NEWS).mapToObj(i -> "key-" + i).toList()), news, "" + steps);
    assertEquals(
        List.of(),
        database.read(
            sql ->
                sql.list(
                    r -> r.getString(1),
                    "SELECT news FROM outbox WHERE state <> 'done'"
                        + " OR body IS NOT NULL OR watch IS NOT NULL OR item IS NOT NULL")));
  }
}
