package io.solebox.app.host;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.update.file.Architecture;
import io.solebox.app.update.slot.Machine;
import io.solebox.app.update.slot.SlotDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Does what the server wants of its machine. */
@Command(
    name = "apply",
    description =
        "Do what the server has asked of this machine. For root: 'solebox-host.service' runs it"
            + " when there is something to do.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ApplyCommand implements Callable<Integer> {
  private static final long LOOK_MILLIS = 1000;

  private final Console console;
  private final Environment environment;
  private final String version;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      defaultValue = "/",
      description = "Change the files of a machine that lies there. Default: ${DEFAULT-VALUE}.")
  private Path root;

  @Option(
      names = "--started",
      paramLabel = "FILE",
      defaultValue = "/run/solebox-host/started",
      description =
          "Is missing when the machine has started; made then. Default: ${DEFAULT-VALUE}.")
  private Path started;

  /**
   * @param version of the program that runs
   */
  ApplyCommand(Console console, Environment environment, String version) {
    this.console = console;
    this.environment = environment;
    this.version = version;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (RequestFolder folder = RequestFolder.open(environment.dataFolder())) {
      HostFiles files = new HostFiles(root.toAbsolutePath());
      Machine machine = new Machine(root.toAbsolutePath(), Architecture.here(), SlotDisk.SYSTEM);
      HostApply apply =
          new HostApply(
              folder,
              files,
              HostTools.here(),
              new SlotUpdates(machine, version, environment.dataFolder()),
              Clock.systemUTC(),
              console::error);
      if (!Files.exists(started)) {
        apply.afterStart();
        Files.createDirectories(started.toAbsolutePath().getParent());
        Files.createFile(started);
      }
      apply.run(() -> Thread.sleep(LOOK_MILLIS));
      return 0;
    }
  }
}
