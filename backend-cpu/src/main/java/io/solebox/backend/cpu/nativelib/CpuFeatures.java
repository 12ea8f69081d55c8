package io.solebox.backend.cpu.nativelib;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads from {@code /proc/cpuinfo} what the processor can do and the kernel lets programs use. */
final class CpuFeatures {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  private CpuFeatures() {}

  /** Empty where there is no such file, which no kernel's demands are met by. */
  static Set<String> ofThisMachine() {
    try {
      return of(Files.readAllLines(CPUINFO));
    } catch (IOException _) {
      return Set.of();
    }
  }

  /** Only what all processors have: a thread may move from a big core to a little one. */
  static Set<String> of(List<String> cpuinfo) {
    var common = new TreeSet<String>();
    boolean first = true;
    List<String> distinct = cpuinfo.stream().filter(CpuFeatures::listsFeatures).distinct().toList();
    for (String line : distinct) {
      var features = Set.of(line.substring(line.indexOf(':') + 1).strip().split("\\s+"));
      if (first) {
        common.addAll(features);
      } else {
        common.retainAll(features);
      }
      first = false;
    }
    return common;
  }

  /** {@code flags} on x86-64, {@code Features} on ARM. */
  private static boolean listsFeatures(String line) {
    return line.startsWith("flags\t") || line.startsWith("Features\t");
  }
}
