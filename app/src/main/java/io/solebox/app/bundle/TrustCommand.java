package io.solebox.app.bundle;

import io.solebox.store.blob.StoreFailure;
import io.solebox.store.sign.KeyName;
import io.solebox.store.sign.TrustFolder;
import io.solebox.store.sign.VerifyKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a key to those that are trusted. */
@Command(
    name = "trust",
    description = "Take bundles that are signed with this key from now on.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class TrustCommand implements Callable<Integer> {
  private final Keys keys;

  @Parameters(arity = "1", paramLabel = "FILE", description = "A public key in PEM.")
  private Path file;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What to call it here. Default: as the file, without .pub or .pem.")
  private Optional<String> name;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  TrustCommand(Keys keys) {
    this.keys = keys;
  }

  @Override
  public Integer call() {
    KeyName wanted = KeyName.parse(name.orElseGet(this::nameOfFile));
    TrustFolder.Trusted trusted = keys.trusted().add(wanted, read());
    if (json) {
      Map<String, Object> fields = Keys.fields(wanted, trusted.key());
      fields.put("path", keys.trusted().file(wanted).toString());
      keys.json(fields);
    } else {
      keys.console()
          .println(
              "'%s' is trusted, fingerprint %s".formatted(wanted, trusted.key().fingerprint()));
      keys.console().println("Ask whoever gave it whether theirs is the same.");
    }
    return 0;
  }

  private VerifyKey read() {
    try {
      return TrustFolder.readKey(file);
    } catch (IOException e) {
      throw StoreFailure.of(file, e);
    }
  }

  private String nameOfFile() {
    Path last = file.getFileName();
    return last == null ? "" : last.toString().replaceFirst("\\.(pub|pem)$", "");
  }
}
