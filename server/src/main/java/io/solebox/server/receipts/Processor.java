package io.solebox.server.receipts;

import io.solebox.engine.error.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the system calls the processor. */
final class Processor {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** As x86-64 has it, and what ARM64 has instead. */
  private static final List<String> NAMES = List.of("model name", "CPU part", "cpu");

  private Processor() {}

  /** {@code unknown} where nobody says. */
  static String name() {
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      List<String[]> fields =
          lines.map(line -> line.split(":", 2)).filter(field -> field.length == 2).toList();
      return NAMES.stream()
          .flatMap(name -> fields.stream().filter(field -> field[0].strip().equals(name)))
          .map(field -> Printable.line(field[1].strip()))
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
