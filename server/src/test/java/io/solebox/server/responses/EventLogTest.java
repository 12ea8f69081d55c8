package io.solebox.server.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.http.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is kept of the events of a response, and who waits for them. */
@Timeout(30)
class EventLogTest {
  @Test
  void ofAResponseThatSaysVeryMuchTheNewestAreKept() throws InterruptedException {
    EventLog log = new EventLog();
    for (int i = 0; i < 20; i++) {
      log.add("t", new byte[5 << 20]);
    }
    assertEquals(17, log.first());
    assertEquals(3, log.reader().after(16).size());
    Problem problem = assertThrows(Problem.class, () -> log.reader().after(15));
    assertEquals("starting_after", problem.param().orElseThrow());
    log.add("large", new byte[40 << 20]);
    assertEquals(20, log.first());
  }

  /** What a reader does not take at once it gets with the next call. */
  @Test
  void manyAreHandedOutInParts() throws InterruptedException {
    EventLog log = new EventLog();
    for (int i = 0; i < 1000; i++) {
      log.add("t", new byte[1]);
    }
    log.end();
    EventLog.Reader reader = log.reader();
    long after = -1;
    int calls = 0;
    List<EventLog.Event> events = reader.after(after);
    while (!events.isEmpty()) {
      assertEquals(after + 1, events.getFirst().sequence());
      after = events.getLast().sequence();
      events = reader.after(after);
      calls++;
    }
    assertEquals(999, after);
    assertTrue(calls > 1);
  }

  @Test
  void placesThatAreNoneAreRefused() {
    EventLog log = new EventLog();
    log.requireSent(-1);
    log.add("t", new byte[1]);
    log.requireSent(0);
    assertThrows(Problem.class, () -> log.requireSent(1));
    assertThrows(Problem.class, () -> log.requireSent(Long.MAX_VALUE));
  }

  @Test
  void readersWaitUntilSomethingComesOrNothingWill() throws InterruptedException {
    EventLog log = new EventLog();
    EventLog.Reader leaves = log.reader();
    Thread other =
        Thread.ofVirtual()
            .start(
                () -> {
                  log.add("a", new byte[1]);
                  leaves.leave();
                });
    assertEquals("a", log.reader().after(-1).getFirst().type());
    assertEquals(List.of(), leaves.after(0));
    assertTrue(leaves.left());
    other.join();
    Thread.ofVirtual().start(log::end);
    assertEquals(List.of(), log.reader().after(0));
  }
}
