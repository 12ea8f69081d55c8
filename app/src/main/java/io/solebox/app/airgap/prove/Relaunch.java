package io.solebox.app.airgap.prove;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** This program once more, in a process of its own. */
final class Relaunch {
  private static final String MODULE = "io.solebox.app";
  private static final String MAIN = MODULE + ".Main";
  private static final int SECONDS = 120;

  private final Path folder;

  /**
   * @param folder for what it says
   */
  Relaunch(Path folder) {
    this.folder = folder;
  }

  /**
   * Runs a command, and waits for its end.
   *
   * @return the lines of its stdout, each an object of JSON
   * @throws SoleboxException {@code NO_AIR_GAP} if it fails
   */
  List<Map<String, Object>> run(String name, List<String> arguments)
      throws IOException, InterruptedException {
    Path out = folder.resolve(name + ".out");
    Path err = folder.resolve(name + ".err");
    Process process =
        new ProcessBuilder(command(arguments))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
      if (!ended || process.exitValue() != 0) {
        throw failure(ended ? "with " + process.exitValue() : "not in time", err);
      }
    } finally {
      process.destroyForcibly();
    }
    var reader = new JsonReader(JsonLimits.LOCAL);
    return Files.readAllLines(out).stream()
        .map(line -> reader.readObject(line.getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  private static SoleboxException failure(String how, Path err) throws IOException {
    return new SoleboxException(
        ErrorCode.NO_AIR_GAP,
        "airgap prove",
        "The process that tries ended "
            + how
            + "; it said: "
            + Files.readString(err).strip().replace('\n', ' '),
        "See to what it says, and try again.");
  }

  private static List<String> command(List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
    String modules = System.getProperty("jdk.module.path");
    if (Relaunch.class.getModule().isNamed()) {
      command.add("--enable-native-access=" + MODULE);
      if (modules != null) { // a release has them in its Java
        command.addAll(List.of("-p", modules));
      }
      command.addAll(List.of("-m", MODULE + "/" + MAIN));
    } else {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    }
    command.addAll(arguments);
    return command;
  }
}
