package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.solebox.app.airgap.AirGap;
import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Runs commands in this process, as a person would from a shell, without terminal unless they ask
 * for one.
 */
final class CliRunner {
  /** Reference data, where SOLEBOX_TESTDATA says or beside the project; absent on most machines. */
  private static final Path SHARED =
      Path.of(System.getenv().getOrDefault("SOLEBOX_TESTDATA", "../../shared/testdata"))
          .toAbsolutePath()
          .normalize();

  /** What every load says where this was built without a C compiler: no business of these tests. */
  private static final String WITHOUT_KERNELS = "note: Java computes on the CPU, .*\\n";

  private final Environment environment;
  private String stdin = "";
  private String terminals = "";

  CliRunner(Path home) {
    this(new Environment(Map.of("SOLEBOX_HOME", home.toString()), home, Optional.empty()));
  }

  private CliRunner(Environment environment) {
    this.environment = environment;
  }

  /** The same with one more variable of the environment. */
  CliRunner with(String variable, String value) {
    var variables = new HashMap<>(environment.variables());
    variables.put(variable, value);
    return new CliRunner(
        new Environment(
            variables, environment.home(), environment.builtInModels(), environment.airGap()));
  }

  /** The same in a process that is kept apart, as it were: the one of the tests is not. */
  CliRunner with(AirGap gap) {
    return new CliRunner(environment.with(gap));
  }

  /** What a command left behind. */
  record Result(int exitCode, String out, String err) {
    /** All of stdout as one JSON value. */
    Object value() {
      return CliRunner.json(out);
    }

    Map<String, Object> object() {
      return asObject(json(out));
    }

    List<Map<String, Object>> rows() {
      var rows = assertInstanceOf(List.class, json(out));
      return Stream.of(rows.toArray()).map(CliRunner::asObject).toList();
    }
  }

  static Object json(String text) {
    return new JsonReader(JsonLimits.LOCAL).read(text.getBytes(StandardCharsets.UTF_8));
  }

  @SuppressWarnings("unchecked") // JSON objects have String keys
  static Map<String, Object> asObject(Object value) {
    return (Map<String, Object>) assertInstanceOf(Map.class, value);
  }

  CliRunner stdin(String text) {
    stdin = text;
    return this;
  }

  /** From now on at a terminal. */
  CliRunner atTerminal() {
    terminals = "012";
    return this;
  }

  Result run(String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var in = new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
    int exitCode = Main.run(new Console(in, out, err, terminals, false), environment, arguments);
    return new Result(
        exitCode,
        out.toString(StandardCharsets.UTF_8),
        err.toString(StandardCharsets.UTF_8).replaceFirst(WITHOUT_KERNELS, ""));
  }

  /** A file of the reference data; skips the test where there is none. */
  static Path shared(String path) {
    Path file = SHARED.resolve(path);
    Assumptions.assumeTrue(Files.exists(file), "SKIPPED: there is no " + file);
    return file;
  }

  /** A synthetic model file. */
  String synth(Path folder, String shape, String type) {
    Path file = folder.resolve(shape + "-" + type + ".gguf");
    Result result = run("synth", shape, "--type", type, "--out", file.toString());
    if (result.exitCode() != 0) {
      throw new AssertionError(result.err());
    }
    return file.toString();
  }
}
