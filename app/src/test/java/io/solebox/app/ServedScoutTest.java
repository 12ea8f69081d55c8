package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.app.console.Environment;
import io.solebox.app.scout.ServedScout;
import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.state.ScoutTables;
import io.solebox.server.scout.ScoutMute;
import io.solebox.server.scout.ScoutQuestion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server shows of a scout that may not be there. */
class ServedScoutTest {
  private static final ScoutQuestion ALL =
      new ScoutQuestion(Map.of("suspicious", "no", "most", "1.50"), "price", 50, 0);

  @TempDir private Path home;

  @Test
  void aServerMakesNoStateAndShowsOneOnceThereIsOne() {
    Path file = home.resolve("scout").resolve(ScoutTables.FILE);
    var scout =
        new ServedScout(
            new Environment(Map.of("SOLEBOX_HOME", home.toString()), home, Optional.empty()),
            Clock.systemUTC());
    assertEquals("absent", scout.look(ALL).get("state"));
    var mute = new ScoutMute(new ScoutMute.Of("card", "P40"), OptionalInt.empty());
    assertThrows(SoleboxException.class, () -> scout.mute(mute));
    assertFalse(Files.exists(file));
    ScoutTables.open(file).close();
    Map<String, Object> empty = scout.look(ALL);
    assertEquals("quiet", empty.get("state"));
    assertEquals(0, empty.get("total"));
    assertEquals(true, scout.mute(mute).get("muted"));
    assertEquals("scout.history", scout.history("P40", "", 30).get("object"));
  }
}
