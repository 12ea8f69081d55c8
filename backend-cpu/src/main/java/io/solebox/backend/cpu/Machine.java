package io.solebox.backend.cpu;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What Linux says about the processor and the memory. */
final class Machine {
  private Machine() {}

  static String processorName() {
    return field(Path.of("/proc/cpuinfo"), "model name").orElse(System.getProperty("os.arch"));
  }

  /**
   * Memory that could be used without swapping, page cache included; within a container at most its
   * limit.
   */
  static long availableMemoryBytes() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long total = system.getTotalMemorySize();
    return field(Path.of("/proc/meminfo"), "MemAvailable")
        .map(text -> Long.parseLong(text.replace(" kB", "")) << 10)
        .map(available -> Math.min(available, total))
        .orElse(total);
  }

  /** The value of the first line {@code key : value}. */
  private static Optional<String> field(Path file, String key) {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
