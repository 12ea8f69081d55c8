package io.solebox.scout.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.scout.outbox.Pump;
import io.solebox.scout.source.Found;
import io.solebox.scout.source.Refreshed;
import io.solebox.scout.source.Search;
import io.solebox.scout.state.ScoutTables;
import io.solebox.storage.Database;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the loop does where a part of it breaks. */
@Timeout(60)
class ScoutTest {
  @TempDir private Path folder;

  private final BlockingQueue<String> failed = new LinkedBlockingQueue<>();

  private final class Listener implements RunListener {
    @Override
    public void asked(String market, Search search, Found found) {}

    @Override
    public void refreshed(String market, int asked, Refreshed refreshed) {}

    @Override
    public void closed(String market, String reason, String remedy) {}

    @Override
    public void failed(String who, RuntimeException failure) {
      failed.add(who + ": " + failure.getMessage());
    }
  }

  @Test
  void noThreadEndsSilently() throws InterruptedException {
    try (Database database = ScoutTables.open(folder.resolve(ScoutTables.FILE))) {
      Scout.Chore deep =
          () -> {
            throw new StackOverflowError();
          };
      var pump = new Pump(database, List.of(), Clock.systemUTC(), new Random(7));
      var scout =
          new Scout(List.of(), List.of(deep), pump, database, Clock.systemUTC(), new Listener());
      Thread thread =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      scout.run();
                    } catch (InterruptedException e) {
                      failed.add("ended");
                    }
                  });
      assertEquals("chore: StackOverflowError.", failed.poll(30, TimeUnit.SECONDS));
      thread.interrupt();
      thread.join();
      assertEquals("ended", failed.poll(30, TimeUnit.SECONDS));
    }
  }
}
