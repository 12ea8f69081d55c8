package io.solebox.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverLibraryTest {
  @TempDir private Path folder;

  private void file(String name, String time) throws IOException {
    Path file = Files.createFile(folder.resolve(name));
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse(time)));
  }

  @Test
  void sweepsWhatEndedProcessesHaveLeftAndNothingElse() throws IOException {
    file("sqlite-3.54.1.0-old-libsqlitejdbc.so", "2026-11-29T10:00:00Z");
    file("sqlite-3.54.1.0-old-libsqlitejdbc.so.lck", "2026-11-29T10:00:00Z");
    file("sqlite-3.54.1.0-new-libsqlitejdbc.so", "2026-11-29T12:00:00Z");
    file("server.db", "2026-11-29T10:00:00Z");
    DriverLibrary.sweep(folder, Instant.parse("2026-11-29T11:00:00Z"));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(
          List.of("server.db", "sqlite-3.54.1.0-new-libsqlitejdbc.so"),
          left.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }
}
