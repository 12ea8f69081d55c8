package io.solebox.app.bundle;

import io.solebox.store.sign.KeyName;
import io.solebox.store.sign.TrustFolder;
import io.solebox.store.sign.VerifyKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The public half of a key. */
@Command(
    name = "show",
    description = "Show the public half of a key that signs here or is trusted here.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class KeysShowCommand implements Callable<Integer> {
  private final Keys keys;

  @Parameters(arity = "1", paramLabel = "NAME", description = "As 'solebox keys ls' shows it.")
  private String name;

  @Option(names = "--pem", description = "Print the public key as PEM and nothing else.")
  private boolean pem;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  KeysShowCommand(Keys keys) {
    this.keys = keys;
  }

  @Override
  public Integer call() {
    KeyName wanted = KeyName.parse(name);
    Optional<TrustFolder.Trusted> trusted =
        keys.trusted().all().stream().filter(t -> t.name().equals(wanted)).findFirst();
    boolean signs = keys.own().names().contains(wanted) || trusted.isEmpty();
    VerifyKey key = signs ? keys.own().read(wanted).verifyKey() : trusted.orElseThrow().key();
    if (pem) {
      keys.console().print(key.pem());
    } else if (json) {
      Map<String, Object> fields = Keys.fields(wanted, key);
      fields.put("use", signs ? "signs" : "trusted");
      fields.put("pem", key.pem());
      keys.json(fields);
    } else {
      keys.console()
          .println(
              (signs ? "signs here, fingerprint " : "trusted here, fingerprint ")
                  + key.fingerprint());
      keys.console().print(key.pem());
    }
    return 0;
  }
}
