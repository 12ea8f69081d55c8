package io.solebox.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code bench/load} does for minutes, for a quarter of one. */
@Tag("slow")
class LoadTest {
  private static final Path GUIDE = Path.of("../../models/guide/solebox-guide.gguf");

  @Test
  @Timeout(300)
  void manyClientsLeaveNothingBehind() throws IOException, InterruptedException {
    Path out = Path.of("target", "load");
    Files.createDirectories(out);
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--seconds", "12", "--warm-up", "4", "--legs", "2"));
    arguments.addAll(List.of("--connections", "64", "--model", GUIDE.toAbsolutePath().toString()));
    arguments.addAll(List.of("--out", out.toString(), "--"));
    arguments.addAll(solebox());
    Report report = Load.run(Options.parse(arguments));
    assertTrue(report.passed(), report::text);
    assertEquals(3, report.vitals().size());
    assertTrue(report.tally().left() > 0, report::text);
    List<String> kinds = List.copyOf(report.tally().rows().keySet());
    assertTrue(kinds.size() > 30, kinds::toString);
    assertTrue(Files.readString(out.resolve("resident.svg")).contains("<polyline"));
  }

  /** Whether this is the load program, its test or JUnit: none of them is part of the server. */
  private static boolean isOfTests(Path entry) {
    String name = entry.getFileName().toString();
    boolean own = entry.toAbsolutePath().startsWith(Path.of("target").toAbsolutePath());
    return own || name.startsWith("junit-") || name.startsWith("opentest4j-");
  }

  /** The command line of this build, with the modules on this test's class path. */
  private static List<String> solebox() {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String modules =
        String.join(
            File.pathSeparator,
            Arrays.stream(path.split(File.pathSeparator))
                .filter(entry -> !isOfTests(Path.of(entry)))
                .toList());
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return List.of(
        java.toString(),
        "-XX:+UseSerialGC",
        "-Xmx512m",
        "--add-modules=jdk.incubator.vector",
        "--enable-native-access=io.solebox.engine,io.solebox.backend.cpu",
        "-p",
        modules,
        "-m",
        "io.solebox.app/io.solebox.app.Main");
  }
}
