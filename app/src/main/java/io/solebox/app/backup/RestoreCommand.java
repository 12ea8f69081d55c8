package io.solebox.app.backup;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.console.ProgressBar;
import io.solebox.app.session.PassphraseArgument;
import io.solebox.app.session.StateArgument;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.age.AgeKey;
import io.solebox.store.blob.StoreFailure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes this box the one that a backup was made of. */
@Command(
    name = "restore",
    description = {
      "Make this box the one that a backup was made of; no server and no scout may run.",
      "All of it is read before anything is changed, and what was there before is moved aside."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class RestoreCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Parameters(arity = "1", paramLabel = "FILE", description = "The backup.")
  private Path backup;

  @Spec private CommandSpec spec;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description =
          "The first line of this file is the passphrase; - reads stdin. Default: ask at the"
              + " terminal.")
  private Optional<Path> passphrase;

  @Option(
      names = "--identity",
      paramLabel = "FILE",
      description = "The secret key, as age-keygen has written it.")
  private Optional<Path> identity;

  @Option(names = "--replace", description = "Also where a server has kept something already.")
  private boolean replace;

  @Mixin private StateArgument state;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  public RestoreCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    BackupPlaces places = BackupPlaces.of(environment, state.folder(environment));
    Replacement replacement = new Replacement(places, Clock.systemUTC());
    replacement.requireFree();
    requireNew(places);
    Ready ready = stage(places);
    Replacement.Done done = replacement.run();
    tell(places, ready, done);
    return 0;
  }

  private void requireNew(BackupPlaces places) {
    if (!replace && Files.exists(places.database())) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          places.state().toString(),
          "A server has kept something here already.",
          "With --replace it is moved aside, and the backup comes in its place.");
    }
  }

  private Ready stage(BackupPlaces places) {
    try (ProgressBar progress = new ProgressBar(console, backup.getFileName().toString());
        InputStream in = new BufferedInputStream(Files.newInputStream(backup), 1 << 20)) {
      return Staging.run(places, in, backup.toString(), key(), progress);
    } catch (IOException e) {
      throw StoreFailure.of(backup, e);
    }
  }

  private AgeKey key() {
    if (identity.isPresent() && passphrase.isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "--identity and --passphrase-file are two ways to open: give one");
    }
    if (identity.isPresent()) {
      return AgeKey.BySecrets.read(identity.get());
    }
    return new AgeKey.ByPassphrase(
        () ->
            passphrase
                .map(file -> PassphraseArgument.read(file, console))
                .orElseGet(() -> PassphraseArgument.ask("Passphrase of the backup: ", console)));
  }

  private void tell(BackupPlaces places, Ready ready, Replacement.Done done) {
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("data", places.data().toString());
      fields.putAll(ready.told());
      fields.put("before", done.before().map(Path::toString).orElse(null));
      fields.put("system_settings", done.system().map(Path::toString).orElse(null));
      console.println(Json.text(fields));
      return;
    }
    console.println("restored %s, made at %s".formatted(backup, ready.told().get("made")));
    done.before().ifPresent(path -> console.println("what was there before is in " + path));
    done.system()
        .ifPresent(
            path ->
                console.println(
                    "settings of the machine are in %s; they are root's to put into %s"
                        .formatted(path, places.system())));
    for (String model : ready.missingModels()) {
      console.println("missing: " + model);
    }
  }
}
