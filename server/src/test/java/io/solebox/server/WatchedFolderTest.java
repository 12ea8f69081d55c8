package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.generation.Pooling;
import io.solebox.server.knowledge.watch.WatchedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Folders whose documents can be asked. */
@Timeout(60)
class WatchedFolderTest {
  private static final String ALL = "/v1/vector_stores";

  @TempDir private Path state;
  @TempDir private Path folder;

  private void write(String name, String text, int minute) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH.plusSeconds(60L * minute)));
  }

  private TestServer start(EchoModel vectors) {
    TestServer server =
        new TestServer(
            ServerConfig.defaults()
                .withStateFile(state.resolve("server.db"))
                .withWatched(List.of(new WatchedFolder("Handbook", folder))));
    server.ready("vectors", vectors);
    return server;
  }

  /** Names of the documents that can be found, once these are all there are. */
  private static String awaited(TestServer server, Set<String> names) throws Exception {
    while (true) {
      RawClient.Answer stores = server.get(ALL);
      if (stores.at("data") instanceof List<?> list && !list.isEmpty()) {
        String store = ALL + "/" + stores.at("data.0.id");
        assertEquals("Handbook", stores.at("data.0.name"));
        Set<String> there = new TreeSet<>();
        boolean ready = true;
        for (Object each : (List<?>) server.get(store + "/files").at("data")) {
          there.add((String) RawClient.at(each, "filename"));
          ready &= "completed".equals(RawClient.at(each, "status"));
        }
        if (ready && there.equals(names)) {
          return store;
        }
      }
      Thread.sleep(20);
    }
  }

  @Test
  void whatIsInTheFolderCanBeFoundAndWhatHasChangedIsReadAnew() throws Exception {
    write("pumps.md", "# Pumps\n\nThe pump starts at noon.\n\n# Fans\n\nFans never stop.\n", 1);
    write("deep/er/notes.txt", "Keep the valve shut.", 1);
    write(".hidden/secret.txt", "Nobody reads this.", 1);
    EchoModel vectors = EchoModel.pooling("gemma-embedding", Pooling.MEAN);
    try (TestServer server = start(vectors)) {
      awaited(server, Set.of("pumps.md", "deep/er/notes.txt"));
      assertEquals(3, vectors.encoded());
    }
    write("pumps.md", "# Pumps\n\nThe pump starts at nine.\n\n# Fans\n\nFans never stop.\n", 2);
    Files.delete(folder.resolve("deep/er/notes.txt"));
    write("new.txt", "A new one.", 1);
    EchoModel again = EchoModel.pooling("gemma-embedding", Pooling.MEAN);
    try (TestServer server = start(again)) {
      String store = awaited(server, Set.of("pumps.md", "new.txt"));
      assertEquals(2, again.encoded(), "only what is new or has changed");
      String found = server.post(store + "/search", "{\"query\":\"pump starts\"}").text();
      assertTrue(found.contains("at nine"), found);
    }
  }
}
