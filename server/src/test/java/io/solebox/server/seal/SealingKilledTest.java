package io.solebox.server.seal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.solebox.server.storage.OldState;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that seals what was kept is killed again and again, and nothing is lost. */
@Timeout(120)
class SealingKilledTest {
  private static final int COPIES = 80;
  private static final int KILLS = 3;

  @TempDir private Path folder;

  /** Seals, in a process of its own. */
  public static final class Sealer {
    private Sealer() {}

    /**
     * @param arguments the database
     */
    public static void main(String[] arguments) {
      try (Database database = ServerTables.open(Path.of(arguments[0]))) {
        System.out.println("begins");
        Vault.open(database, Passphrase.NONE, System.err);
      }
    }
  }

  private Process start(Path state) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Sealer.class.getName(),
            state.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static int left(Path state) {
    try (Database database = ServerTables.open(state)) {
      return database.read(
          sql ->
              sql.first(_ -> true, "SELECT 1 FROM sqlite_master WHERE name = 'plain_file'")
                      .isPresent()
                  ? sql.first(row -> row.getInt(1), "SELECT COUNT(*) FROM plain_file").orElseThrow()
                  : 0);
    }
  }

  @Test
  void whateverIsKilledIsGoneOnWith() throws Exception {
    Path state = folder.resolve("server.db");
    OldState.make(state, OldState.LAST_PLAIN, COPIES);
    for (int i = 0; i < KILLS; i++) {
      Process process = start(state);
      process.getInputStream().read(); // it has begun
      long killAt = System.nanoTime() + i * 40_000_000L; // further each time
      while (process.isAlive() && System.nanoTime() < killAt) {
        Thread.onSpinWait();
      }
      process.destroyForcibly().waitFor();
    }
    try (Database database = ServerTables.open(state)) {
      Vault vault = Vault.open(database, Passphrase.NONE, System.err);
      assertEquals(0, left(state));
      for (String table : List.of("chat_completion", "conversation_item", "response", "file")) {
        assertEquals(
            COPIES,
            database
                .read(sql -> sql.first(row -> row.getInt(1), "SELECT COUNT(*) FROM " + table))
                .orElseThrow(),
            table);
      }
      for (int i = 0; i < COPIES; i++) {
        String id = "file-" + i;
        try (InputStream in =
            vault.fileKey("", id).read(folder.resolve("files").resolve(id + FileKey.SUFFIX))) {
          assertEquals(OldState.FILE_TEXT, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertFalse(
            Files.readString(file, StandardCharsets.ISO_8859_1).contains(OldState.MARKER),
            file::toString);
      }
    }
  }
}
