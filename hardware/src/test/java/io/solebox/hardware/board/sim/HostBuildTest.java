package io.solebox.hardware.board.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.hardware.answer.Said;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code firmware/host/build.sh} where compilers are missing or fail, and the core with others. */
class HostBuildTest {
  private static final Path FIRMWARE = Path.of("../firmware").toAbsolutePath().normalize();

  @TempDir Path folder;
  private Path tools;

  /** A PATH of what any Linux has, and no compiler. */
  @BeforeEach
  void withoutCompilers() throws IOException {
    tools = Files.createDirectory(folder.resolve("tools"));
    for (String tool : "bash uname dirname mkdir mv rm head cksum sha256sum".split(" ")) {
      Path real = Files.exists(Path.of("/usr/bin", tool)) ? Path.of("/usr/bin") : Path.of("/bin");
      script(tool, "exec %s/%s \"$@\"".formatted(real, tool));
    }
  }

  private void script(String name, String body) throws IOException {
    Path file = Files.writeString(tools.resolve(name), "#!/bin/bash\n" + body);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private record Outcome(int code, String said) {}

  private static Outcome run(ProcessBuilder builder) throws Exception {
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    return new Outcome(process.waitFor(), said);
  }

  private Outcome build(Map<String, String> environment) throws Exception {
    var builder = new ProcessBuilder(FIRMWARE.resolve("host/build.sh").toString());
    builder.environment().remove("CC");
    builder.environment().put("PATH", tools.toString());
    builder.environment().put("SOLEBOX_NATIVE_TARGET", folder.toString());
    builder.environment().putAll(environment);
    return run(builder);
  }

  private String properties() throws IOException {
    String platform =
        BoardLibrary.platform(System.getProperty("os.name"), System.getProperty("os.arch"));
    return Files.readString(
        folder.resolve("classes" + BoardLibrary.FOLDER + platform + "/build.properties"));
  }

  @Test
  void withoutACompilerItLeavesTheReason() throws Exception {
    Outcome outcome = build(Map.of());
    assertEquals(0, outcome.code(), outcome.said());
    assertTrue(
        properties().contains("reason=Solebox was built without a C compiler."), properties());
    assertTrue(properties().contains("remedy=Install one"), properties());
  }

  @Test
  void whatDoesNotCompileFailsTheBuildOfThoseWhoWriteIt() throws Exception {
    script(
        "cc",
        """
        [[ $1 == --version ]] && echo odd cc 1.0
        for argument; do
          [[ $argument != *.c ]] || { echo "$argument: odd" >&2; exit 1; }
        done
        """);
    Outcome outcome = build(Map.of("CC", "cc"));
    assertNotEquals(0, outcome.code(), outcome.said());
    assertTrue(outcome.said().contains(": odd"), outcome.said());

    outcome = build(Map.of("CC", "cc", "SOLEBOX_NATIVE", "optional"));
    assertEquals(0, outcome.code(), outcome.said());
    assertTrue(properties().startsWith("without=failed"), properties());
    try (Stream<Path> files = Files.walk(folder.resolve("classes"))) {
      assertFalse(files.anyMatch(file -> file.endsWith(BoardLibrary.FILE)));
    }
  }

  @Test
  void aMachineThatNobodyBuiltForIsToldSo() {
    var said = BoardLibrary.load("linux-sparc", Arena.ofAuto());
    assertEquals(
        "There is no simulated board for linux-sparc.",
        assertInstanceOf(Said.No.class, said).why());
  }

  /** Every warning is an error, to compilers that have others than the one that built it. */
  @Test
  void theCoreCompilesWithoutAWarningElsewhere() throws Exception {
    List<List<String>> compilers =
        List.of(
            List.of("clang-19"),
            List.of("clang"),
            List.of("arm-none-eabi-gcc", "-mcpu=cortex-m0plus", "-mthumb", "-ffreestanding"));
    int tried = 0;
    for (List<String> compiler : compilers) {
      tried += compiles(compiler) ? 1 : 0;
    }
    assumeTrue(tried > 0, "SKIPPED: there is neither clang nor arm-none-eabi-gcc");
  }

  private boolean compiles(List<String> compiler) throws Exception {
    String path = System.getenv("PATH");
    if (Stream.of(path.split(":"))
        .noneMatch(at -> Files.exists(Path.of(at, compiler.getFirst())))) {
      return false;
    }
    try (Stream<Path> files = Files.list(FIRMWARE.resolve("core"))) {
      List<String> sources =
          files.map(Path::toString).filter(name -> name.endsWith(".c")).sorted().toList();
      List<String> flags =
          List.of("-std=c11", "-pedantic", "-O2", "-Wall", "-Wextra", "-Wconversion", "-Wshadow");
      List<String> command =
          Stream.of(compiler, flags, List.of("-Werror", "-c"), sources)
              .flatMap(List::stream)
              .toList();
      Outcome outcome = run(new ProcessBuilder(command).directory(folder.toFile()));
      assertEquals(0, outcome.code(), outcome.said());
      return true;
    }
  }
}
