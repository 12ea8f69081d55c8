package io.solebox.backend.cpu.nativelib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code build.sh} where there is no compiler, or one that does not manage. */
class BuildScriptTest {
  private static final Path SCRIPT = Path.of("src/main/native/build.sh").toAbsolutePath();

  @TempDir Path folder;
  private Path tools;

  /** A PATH of what any Linux has, and no compiler. */
  @BeforeEach
  void withoutCompilers() throws IOException {
    tools = Files.createDirectory(folder.resolve("tools"));
    for (String tool :
        "bash uname dirname mkdir mv cat rm ls find head nproc wc cksum sha256sum".split(" ")) {
      Path real = Files.exists(Path.of("/usr/bin", tool)) ? Path.of("/usr/bin") : Path.of("/bin");
      script(tool, "exec %s/%s \"$@\"".formatted(real, tool));
    }
  }

  private record Outcome(int code, String said) {}

  private Outcome build(Map<String, String> environment) throws Exception {
    var builder = new ProcessBuilder(SCRIPT.toString()).redirectErrorStream(true);
    builder.environment().remove("CC");
    builder.environment().put("PATH", tools.toString());
    builder.environment().put("SOLEBOX_NATIVE_TARGET", folder.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes());
    return new Outcome(process.waitFor(), said);
  }

  private String properties() throws IOException {
    String platform =
        BuiltLibrary.platform(System.getProperty("os.name"), System.getProperty("os.arch"));
    return Files.readString(
        folder.resolve("classes" + BuiltLibrary.FOLDER + platform + "/build.properties"));
  }

  @Test
  void withoutACompilerItLeavesTheReason() throws Exception {
    Outcome outcome = build(Map.of());
    assertEquals(0, outcome.code(), outcome.said());
    assertTrue(outcome.said().contains("built without a C compiler"), outcome.said());
    assertTrue(
        properties().contains("reason=Solebox was built without a C compiler."), properties());
  }

  @Test
  void aCompilerThatIsNotThereIsNone() throws Exception {
    Outcome outcome = build(Map.of("CC", "nosuchcc"));
    assertEquals(0, outcome.code(), outcome.said());
    assertTrue(properties().startsWith("without=missing"), properties());
  }

  @Test
  void aCompilerWithoutHeadersIsNone() throws Exception {
    script("cc", "[[ $1 == --version ]] && echo bare cc 1.0");
    Outcome outcome = build(Map.of("CC", "cc"));
    assertEquals(0, outcome.code(), outcome.said());
    assertTrue(properties().contains("finds no C headers"), properties());
  }

  @Test
  void kernelsThatDoNotCompileFailTheBuildOfThoseWhoWriteThem() throws Exception {
    // It takes every option, but none of our files.
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
    try (var files = Files.walk(folder.resolve("classes"))) {
      assertFalse(files.anyMatch(file -> file.endsWith(BuiltLibrary.FILE)));
    }
  }

  private void script(String name, String body) throws IOException {
    Path file = Files.writeString(tools.resolve(name), "#!/bin/bash\n" + body);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
