package io.solebox.app.bundle;

import io.solebox.store.sign.KeyName;
import io.solebox.store.sign.SigningKey;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a key. */
@Command(
    name = "make",
    description = "Make a key that signs bundles.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class KeysMakeCommand implements Callable<Integer> {
  private final Keys keys;

  @Parameters(arity = "1", paramLabel = "NAME", description = "What to call it here.")
  private String name;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  KeysMakeCommand(Keys keys) {
    this.keys = keys;
  }

  @Override
  public Integer call() {
    KeyName wanted = KeyName.parse(name);
    SigningKey key = keys.own().make(wanted);
    if (json) {
      Map<String, Object> fields = Keys.fields(wanted, key.verifyKey());
      fields.put("path", keys.own().file(wanted).toString());
      keys.json(fields);
      return 0;
    }
    keys.console().println("made " + keys.own().file(wanted) + ", which nobody else should have");
    keys.console().println("fingerprint " + key.verifyKey().fingerprint());
    keys.console()
        .println(
            "'solebox keys show %1$s --pem > %1$s.pub' writes its public half, for machines that are"
                    .formatted(wanted)
                + " to trust it: 'solebox keys trust "
                + wanted
                + ".pub' there.");
    return 0;
  }
}
