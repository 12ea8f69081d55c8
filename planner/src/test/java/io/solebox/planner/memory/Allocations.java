package io.solebox.planner.memory;

import io.solebox.engine.api.Engine;
import io.solebox.engine.backend.Progress;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What loads really allocate: memory that Linux has given to the process, which is one of its own
 * so that nobody else allocates meanwhile, less what the JVM counts as its own.
 */
final class Allocations {
  /** Memory of the process that is of no file. */
  private static final Pattern ANONYMOUS =
      Pattern.compile("(?m)^([0-9a-f]+)-([0-9a-f]+) rw-p 00000000 00:00 0 *$");

  /** What the JVM has mapped for itself, and what it has of the C library. */
  private static final Pattern OWN =
      Pattern.compile(
          "Total: reserved=\\d+, committed=\\d+\\s+malloc: (\\d+)[^\\n]*\\s+mmap: +reserved=\\d+, committed=(\\d+)");

  private Allocations() {}

  /** Bytes that loads of these files allocate on the processor, by file. */
  static Map<Path, Long> of(List<Path> files, int threads) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:NativeMemoryTracking=summary");
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of("--add-modules", "jdk.incubator.vector,jdk.management"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Allocations.class.getName(), Integer.toString(threads)));
    files.forEach(file -> command.add(file.toString()));
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    // What is small is in the one heap of the C library, which is not counted; all else is mapped.
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    builder.environment().put("MALLOC_MMAP_THRESHOLD_", Integer.toString(128 << 10));
    Process child = builder.start();
    var allocated = new TreeMap<Path, Long>();
    try (var lines = child.inputReader()) {
      lines
          .lines()
          .map(line -> line.split("\t", -1))
          .forEach(both -> allocated.put(Path.of(both[1]), Long.parseLong(both[0])));
    }
    if (child.waitFor() != 0) {
      throw new IllegalStateException("the process that allocates ended with " + child.exitValue());
    }
    return allocated;
  }

  /**
   * Prints what each load allocates.
   *
   * @param arguments the number of threads, then files
   */
  public static void main(String[] arguments) throws IOException, JMException {
    try (Engine engine = Engine.open("cpu", Integer.parseInt(arguments[0]))) {
      List<Path> files = Stream.of(arguments).skip(1).map(Path::of).toList();
      measure(engine, files.getFirst()); // so that nothing that counts is done for the first time
      for (Path file : files) {
        System.out.println(measure(engine, file) + "\t" + file);
      }
    }
  }

  private static long measure(Engine engine, Path file) throws IOException, JMException {
    engine.load(file, MemoryPlanTest.OPTIONS, Progress.none()).close();
    long before = anonymous() - own();
    try (var _ = engine.load(file, MemoryPlanTest.OPTIONS, Progress.none())) {
      return anonymous() - own() - before;
    }
  }

  private static long anonymous() throws IOException {
    return ANONYMOUS
        .matcher(Files.readString(Path.of("/proc/self/maps")))
        .results()
        .mapToLong(r -> Long.parseLong(r.group(2), 16) - Long.parseLong(r.group(1), 16))
        .sum();
  }

  private static long own() throws JMException {
    String[] words = {"summary", "scale=b"};
    String report =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "vmNativeMemory",
                    new Object[] {words},
                    new String[] {String[].class.getName()});
    Matcher own = OWN.matcher(report);
    if (!own.find()) {
      throw new IllegalStateException("the JVM counts no native memory: " + report);
    }
    return Long.parseLong(own.group(2));
  }
}
