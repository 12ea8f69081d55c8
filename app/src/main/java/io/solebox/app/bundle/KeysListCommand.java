package io.solebox.app.bundle;

import io.solebox.store.sign.KeyName;
import io.solebox.store.sign.TrustFolder;
import io.solebox.store.sign.VerifyKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** All keys. */
@Command(
    name = "ls",
    aliases = "list",
    description = "List the keys that sign here, and those that are trusted here.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class KeysListCommand implements Callable<Integer> {
  private final Keys keys;

  @Option(names = "--json", description = "Print one JSON array.")
  private boolean json;

  KeysListCommand(Keys keys) {
    this.keys = keys;
  }

  @Override
  public Integer call() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (KeyName name : keys.own().names()) {
      rows.add(row("signs", name, keys.own().read(name).verifyKey()));
    }
    for (TrustFolder.Trusted trusted : keys.trusted().all()) {
      rows.add(row("trusted", trusted.name(), trusted.key()));
    }
    if (json) {
      keys.json(rows);
    } else if (rows.isEmpty()) {
      keys.console()
          .error(
              "There is no key yet; 'solebox keys make NAME' makes one that signs, and 'solebox"
                  + " keys trust FILE' trusts another's.");
    } else {
      rows.forEach(
          row ->
              keys.console()
                  .println(
                      "%-8s %s  %s"
                          .formatted(row.get("use"), row.get("fingerprint"), row.get("name"))));
    }
    return 0;
  }

  private static Map<String, Object> row(String use, KeyName name, VerifyKey key) {
    Map<String, Object> row = Keys.fields(name, key);
    row.put("use", use);
    return row;
  }
}
