package io.solebox.hardware.nvml;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One process of {@link NvmlMain}, seen from the one that asks. */
final class NvmlChild implements NvmlServant {
  private final Process process;
  private final BufferedWriter questions;
  private final Said said = new Said();

  private NvmlChild(Process process) {
    this.process = process;
    this.questions =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    Thread.ofPlatform().daemon().name("nvml-answers").start(this::listen);
  }

  /**
   * Starts one, however this process was started: the classes of this module need no others.
   *
   * @param library name or path
   */
  static NvmlChild start(String library) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(library));
    builder.directory(new File(File.separator));
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    // Secrets may be in the others; containers put the driver's folder into this one.
    Optional<String> libraries = Optional.ofNullable(System.getenv("LD_LIBRARY_PATH"));
    builder.environment().clear();
    builder.environment().put("LC_ALL", "C.UTF-8");
    libraries.ifPresent(path -> builder.environment().put("LD_LIBRARY_PATH", path));
    return new NvmlChild(builder.start());
  }

  private static List<String> command(String library) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + File.separator + "dev/null",
                "-Xlog:disable"));
    command.addAll(program());
    command.add(library);
    return command;
  }

  /** The jar or folder of this module, or its name where it is in the runtime itself. */
  private static List<String> program() throws IOException {
    String main = NvmlMain.class.getName();
    try {
      URI place = NvmlMain.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      if (place.getScheme().equals("jrt")) {
        String module = NvmlMain.class.getModule().getName();
        return List.of("--enable-native-access=" + module, "-m", module + "/" + main);
      }
      return List.of("--enable-native-access=ALL-UNNAMED", "-cp", Path.of(place).toString(), main);
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private void listen() {
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
      String line = in.readLine();
      while (line != null) {
        said.add(line);
        line = in.readLine();
      }
    } catch (IOException e) {
      // It was ended.
    }
    said.over();
  }

  @Override
  public void ask(String question) throws IOException {
    questions.write(question + "\n");
    questions.flush();
  }

  @Override
  public Optional<List<String>> hear(Duration patience) throws InterruptedException {
    return said.answer(patience);
  }

  @Override
  public boolean lives() {
    return process.isAlive();
  }

  /** Kills it; one that hangs inside the kernel lives on until the kernel lets it go. */
  @Override
  public void end() {
    process.destroyForcibly();
  }
}
