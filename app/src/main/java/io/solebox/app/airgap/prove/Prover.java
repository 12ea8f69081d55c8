package io.solebox.app.airgap.prove;

import io.solebox.app.airgap.filter.Architecture;
import io.solebox.app.airgap.kernel.Kernel;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Tries every way out that is known, in a process with the gap and in one without.
 *
 * @param version of this build
 * @param withNetwork whether the process without a gap tries also what would leave this machine
 * @param stage hears what is being done; empty at the end
 */
record Prover(String version, boolean withNetwork, Consumer<String> stage) {
  /**
   * Takes some seconds.
   *
   * @throws SoleboxException {@code NO_AIR_GAP} where there is none on this machine, {@code
   *     IO_ERROR} where it cannot be tried
   */
  Proof proof() throws InterruptedException {
    try {
      return prove();
    } catch (IOException e) {
      throw notTried(e);
    }
  }

  static SoleboxException notTried(IOException e) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        "airgap prove",
        "It could not be tried: " + e.getMessage() + ".",
        "See to the disk and the temporary folder, and try again.",
        e);
  }

  private Proof prove() throws IOException, InterruptedException {
    Architecture architecture =
        Architecture.ofSystem()
            .orElseThrow(
                () ->
                    new SoleboxException(
                        ErrorCode.NO_AIR_GAP,
                        "airgap prove",
                        "There is no air gap on this machine.",
                        "Run Solebox on Linux, on x86-64 or ARM64."));
    Path folder = Files.createTempDirectory("solebox-airgap");
    try (var grounds = new OpenGrounds(Kernel.of(architecture), folder)) {
      var relaunch = new Relaunch(folder);
      stage.accept("trying with a gap");
      List<Map<String, Object>> with = relaunch.run("with", arguments(grounds, List.of()));
      stage.accept("trying without");
      List<String> open =
          withNetwork
              ? List.of(AttemptsCommand.OPEN, AttemptsCommand.LEAVING)
              : List.of(AttemptsCommand.OPEN);
      List<Map<String, Object>> without = relaunch.run("without", arguments(grounds, open));
      stage.accept("");
      return proof(with, without);
    } finally {
      delete(folder);
    }
  }

  /** With a gap everything is tried: nothing leaves, or there is no gap. */
  private static List<String> arguments(OpenGrounds grounds, List<String> options) {
    var arguments = new ArrayList<>(List.of("airgap", AttemptsCommand.NAME));
    arguments.addAll(options.isEmpty() ? List.of(AttemptsCommand.LEAVING) : options);
    arguments.addAll(grounds.grounds().arguments());
    return arguments;
  }

  private Proof proof(List<Map<String, Object>> with, List<Map<String, Object>> without)
      throws IOException {
    Map<String, Answer> open = new LinkedHashMap<>();
    without.forEach(line -> open.put((String) line.get("id"), answer(line)));
    var rows = new ArrayList<Proof.Row>();
    Map<String, Object> wall = wall(with);
    for (Map<String, Object> line : with.subList(0, with.size() - 1)) {
      String id = (String) line.get("id");
      Answer other = open.getOrDefault(id, new Answer.NotTried("no answer"));
      rows.add(new Proof.Row(id, (String) line.get("what"), other, answer(line)));
    }
    rows.add(Facts.threads(wall));
    return new Proof(Facts.of(version, false, wall), List.copyOf(rows));
  }

  /** The last line, which says how the process was kept apart. */
  private static Map<String, Object> wall(List<Map<String, Object>> lines) {
    if (lines.isEmpty() || !lines.getLast().containsKey("threads")) {
      String last = lines.isEmpty() ? "nothing" : String.valueOf(lines.getLast().get("what"));
      throw new SoleboxException(
          ErrorCode.NO_AIR_GAP,
          "airgap prove",
          "The process that tries ended before its end; the last that it tried was: " + last + ".",
          "Something on this machine ended it; look for a filter of system calls around Solebox.");
    }
    return lines.getLast();
  }

  private static Answer answer(Map<String, Object> line) {
    return Answer.of((String) line.get("outcome"), (String) line.get("said"));
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
