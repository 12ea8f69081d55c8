package io.solebox.store.layout;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A process that changes a store until somebody kills it, and tells what it has done. */
public final class KillTarget {
  private KillTarget() {}

  public static void main(String[] arguments) {
    ModelStore store = ModelStore.open(Path.of(arguments[0]));
    long process = ProcessHandle.current().pid();
    for (int i = 0; ; i++) {
      ModelName kept = ModelName.parse("kept-" + process + "-" + i % 8);
      ModelStoreTest.publish(store, kept, "content " + i);
      ModelStoreTest.publish(store, ModelName.parse("gone"), "content " + i);
      store.remove(ModelName.parse("gone"));
      new Sweeper(store).sweep(new Sweeper.Rule(OptionalInt.of(1), Set.of(), Instant.now()));
      System.out.println(kept);
    }
  }

  /**
   * Starts one, and kills it as soon as it has told of so many changes.
   *
   * @return the names that must be there
   */
  static Set<String> runAndKill(Path root, int lines) throws IOException, InterruptedException {
    return runAndKill(KillTarget.class, lines, root.toString());
  }

  /**
   * Starts a class that says what it does, and kills it after so many lines.
   *
   * @return what it has said, each once
   */
  public static Set<String> runAndKill(Class<?> main, int lines, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", classPath()));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Set<String> told = new LinkedHashSet<>();
    try (var out = process.inputReader()) {
      for (int i = 0; i < lines; i++) {
        String line = out.readLine();
        if (line == null) {
          throw new IllegalStateException("it ended by itself");
        }
        told.add(line);
      }
      process.toHandle().destroyForcibly(); // kill -9, and its last words can still be read
      out.lines().forEach(told::add);
    }
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("it does not die");
    }
    return told;
  }

  /** All that this process has, whether it is modules or not. */
  private static String classPath() {
    try {
      Path here = Path.of(KillTarget.class.getResource("KillTarget.class").toURI());
      int steps = KillTarget.class.getName().split("\\.").length;
      Path tests = here;
      for (int i = 0; i < steps; i++) {
        tests = tests.getParent();
      }
      return Stream.concat(
              Stream.of(tests.toString()),
              List.of("jdk.module.path", "java.class.path").stream().map(System::getProperty))
          .filter(path -> path != null && !path.isEmpty())
          .collect(Collectors.joining(File.pathSeparator));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
