package io.solebox.engine.memory;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What Linux says about the memory of this machine. */
public final class HostMemory {
  private static final String AVAILABLE = "MemAvailable:";

  private HostMemory() {}

  /**
   * Bytes that could be used without swapping, page cache included; within a container at most its
   * limit.
   */
  public static long availableBytes() {
    long total = totalBytes();
    return available().map(bytes -> Math.min(bytes, total)).orElse(total);
  }

  /** Bytes of the machine; within a container its limit. */
  public static long totalBytes() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getTotalMemorySize();
  }

  private static Optional<Long> available() {
    try {
      return Files.readString(Path.of("/proc/meminfo"))
          .lines()
          .filter(line -> line.startsWith(AVAILABLE))
          .map(line -> line.substring(AVAILABLE.length()).replace("kB", "").strip())
          .map(kib -> Long.parseLong(kib) << 10)
          .findFirst();
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
