package io.solebox.clients.kills;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short run of what {@code bench/accounts/kills} does 200 times. */
@Tag("slow")
class KillsTest {
  @TempDir private Path home;

  @Test
  @Timeout(240)
  void whatAServerHasSaidOutlivesItsKills() throws Exception {
    Path model = Path.of("..", "models", "guide", "solebox-guide.gguf").toAbsolutePath();
    assertEquals(List.of(), new Kills(model, home, 17).run(1));
  }
}
