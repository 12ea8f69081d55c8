package io.solebox.app.airgap.prove;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Threads of this process, and how many of them the filter holds, as the kernel counts. */
record Threads(int all, int filtered) {
  private static final Path TASKS = Path.of("/proc/self/task");
  private static final String FILTERED = "\nSeccomp:\t2\n";
  private static final String NO_NEW_PRIVILEGES = "\nNoNewPrivs:\t1\n";

  static Threads now() throws IOException {
    int all = 0;
    int filtered = 0;
    try (Stream<Path> tasks = Files.list(TASKS)) {
      for (Path task : tasks.toList()) {
        try {
          String status = Files.readString(task.resolve("status"));
          all++;
          filtered += status.contains(FILTERED) && status.contains(NO_NEW_PRIVILEGES) ? 1 : 0;
        } catch (NoSuchFileException e) {
          // It has ended.
        }
      }
    }
    return new Threads(all, filtered);
  }
}
