package io.solebox.app.bundle;

import io.solebox.store.sign.KeyName;
import io.solebox.store.sign.TrustFolder;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a key from those that are trusted. */
@Command(
    name = "distrust",
    description = "Take no more bundles that are signed with this key; what they brought stays.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DistrustCommand implements Callable<Integer> {
  private final Keys keys;

  @Parameters(arity = "1", paramLabel = "NAME", description = "As 'solebox keys ls' shows it.")
  private String name;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  DistrustCommand(Keys keys) {
    this.keys = keys;
  }

  @Override
  public Integer call() {
    TrustFolder.Trusted removed = keys.trusted().remove(KeyName.parse(name));
    if (json) {
      keys.json(Keys.fields(removed.name(), removed.key()));
    } else {
      keys.console()
          .println(
              "'%s' is trusted no longer, fingerprint %s"
                  .formatted(removed.name(), removed.key().fingerprint()));
    }
    return 0;
  }
}
