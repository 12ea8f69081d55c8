package io.solebox.app.backup;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.console.ProgressBar;
import io.solebox.app.console.Units;
import io.solebox.app.session.PassphraseArgument;
import io.solebox.app.session.StateArgument;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.age.AgeLock;
import io.solebox.server.seal.Passphrase;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.convert.FreeSpace;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes all of a box that somebody would miss to one encrypted file. */
@Command(
    name = "backup",
    description = {
      "Write accounts, chats, documents, settings, keys and the list of models to one encrypted"
          + " file; a server may go on running.",
      "The program age opens it as well: age -d FILE | tar x"
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class BackupCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;
  private final String version;

  @Parameters(arity = "1", paramLabel = "FILE", description = "Where to; must not be there.")
  private Path target;

  @Spec private CommandSpec spec;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description =
          "The first line of this file is the passphrase; - reads stdin. Default: ask at the"
              + " terminal, twice.")
  private Optional<Path> passphrase;

  @Option(
      names = "--recipient",
      paramLabel = "KEY",
      description =
          "Only whoever has the secret key of this public one can open it: age1…, as age-keygen"
              + " shows it. So nobody has to type anything at night.")
  private Optional<String> recipient;

  @Option(names = "--with-models", description = "Also the models themselves, not only their list.")
  private boolean withModels;

  @Mixin private StateArgument state;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /**
   * @param version of this Solebox
   */
  public BackupCommand(Console console, Environment environment, String version) {
    this.console = console;
    this.environment = environment;
    this.version = version;
  }

  @Override
  public Integer call() {
    Path file = target.toAbsolutePath();
    FreeSpace.requireFree(file, false);
    AgeLock wanted = lock();
    BackupPlaces places = BackupPlaces.of(environment, state.folder(environment));
    BackupWriter.Written written;
    long bytes;
    try (ProgressBar progress = new ProgressBar(console, file.getFileName().toString())) {
      written = write(places, wanted, file, progress);
      bytes = Files.size(file);
    } catch (IOException e) {
      throw StoreFailure.of(file, e);
    }
    LastBackup.of(places).remember(written, file.toString());
    tell(written, file, bytes);
    return 0;
  }

  private AgeLock lock() {
    if (recipient.isPresent() && passphrase.isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "--recipient and --passphrase-file are two ways to seal: give one");
    }
    if (recipient.isPresent()) {
      return AgeLock.ForKey.parse(recipient.get());
    }
    return new AgeLock.ForPassphrase(
        passphrase.map(file -> PassphraseArgument.read(file, console)).orElseGet(this::asked));
  }

  private Passphrase asked() {
    Passphrase typed = PassphraseArgument.ask("Passphrase of the backup: ", console);
    if (!typed.matches(PassphraseArgument.ask("Once more: ", console))) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "passphrase",
          "The two differ.",
          "Try again; nothing was written.");
    }
    return typed;
  }

  /** Under its name it is there whole or not at all. */
  private BackupWriter.Written write(
      BackupPlaces places, AgeLock wanted, Path file, ProgressBar progress) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".part");
    Files.createFile(
        part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      BackupWriter.Written written;
      try (FileOutputStream out = new FileOutputStream(part.toFile())) {
        BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 20);
        written =
            new BackupWriter(places, version, Clock.systemUTC())
                .write(wanted, withModels, buffered, progress);
        buffered.flush();
        out.getFD().sync();
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      return written;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void tell(BackupWriter.Written written, Path file, long bytes) {
    long inside = written.head().models().stream().filter(ListedModel::inside).count();
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("backup", file.toString());
      fields.put("bytes", bytes);
      fields.put("files", written.files());
      fields.put("models_listed", written.head().models().size());
      fields.put("models_inside", inside);
      fields.put("left_out", written.head().leftOut());
      console.println(Json.text(fields));
      return;
    }
    console.println(
        "wrote %s: %s, %d files".formatted(target, Units.bytes(bytes), written.files()));
    console.println(
        "%d models are listed in it, and %d are in it themselves"
            .formatted(written.head().models().size(), inside));
    written.head().leftOut().forEach(each -> console.println("left out: " + each));
    console.println("Without its passphrase, or the secret key, nobody can open it.");
  }
}
