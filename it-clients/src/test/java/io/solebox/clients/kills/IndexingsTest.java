package io.solebox.clients.kills;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short run of what {@code bench/knowledge/kills} does 100 times. */
@Tag("slow")
class IndexingsTest {
  @TempDir private Path home;

  @Test
  @Timeout(240)
  void documentsOnTheirWayOutliveKills() throws Exception {
    Path model = Path.of("..", "models", "minilm", "target", "minilm.gguf").toAbsolutePath();
    assumeTrue(Files.exists(model), "no minilm: its artifact could not be fetched");
    assertEquals(List.of(), new Indexings(model, home, 19).run(2));
  }
}
