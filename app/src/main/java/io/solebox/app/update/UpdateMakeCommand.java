package io.solebox.app.update;

import io.solebox.app.console.ProgressBar;
import io.solebox.app.update.file.Architecture;
import io.solebox.app.update.file.Manifest;
import io.solebox.app.update.file.UpdateMaker;
import io.solebox.store.sign.KeyName;
import io.solebox.store.sign.SigningKey;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes an update, for whoever builds images. */
@Command(
    name = "make",
    description = "Write an update from the image of a root and a unified kernel image, signed.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class UpdateMakeCommand implements Callable<Integer> {
  private final Updates updates;

  @Spec private CommandSpec spec;

  @Option(names = "--root", paramLabel = "FILE", required = true, description = "A file system.")
  private Path root;

  @Option(
      names = "--kernel",
      paramLabel = "FILE",
      required = true,
      description = "A unified kernel image that finds this root in whichever slot it is.")
  private Path kernel;

  @Option(
      names = "--arch",
      paramLabel = "ARCH",
      required = true,
      description = "x64 or arm64: the machines that it is for.")
  private String architecture;

  @Option(
      names = "--version",
      paramLabel = "VERSION",
      description = "What it brings. Default: the version of this program.")
  private Optional<String> version;

  @Option(
      names = "--key",
      paramLabel = "NAME",
      required = true,
      description = "One of 'solebox keys ls'.")
  private String key;

  @Option(
      names = "--made",
      paramLabel = "TIME",
      description = "When, as in 2026-01-31T00:00:00Z. Default: now.")
  private Optional<Instant> made;

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where to.")
  private Path out;

  UpdateMakeCommand(Updates updates) {
    this.updates = updates;
  }

  @Override
  public Integer call() {
    Architecture ofWhich =
        Architecture.of(architecture)
            .orElseThrow(
                () -> new ParameterException(spec.commandLine(), "--arch must be x64 or arm64"));
    SigningKey signing = updates.ownKeys().read(KeyName.parse(key));
    var order =
        new UpdateMaker.Order(
            version.orElse(updates.version()), ofWhich, made.orElseGet(Instant::now), root, kernel);
    try (var bar = new ProgressBar(updates.console(), "update")) {
      Manifest manifest = UpdateMaker.make(order, signing, out, bar);
      bar.wipe();
      updates
          .console()
          .println(
              "wrote %s: Solebox %s for %s, signed by '%s'"
                  .formatted(out, manifest.version(), manifest.architecture().word(), key));
    }
    return 0;
  }
}
