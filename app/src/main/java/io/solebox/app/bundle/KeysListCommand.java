package io.solebox.app.bundle;

import io.solebox.app.console.Table;
import io.solebox.app.session.BoxAccounts;
import io.solebox.server.accounts.AccountJson;
import io.solebox.server.accounts.OpenAccounts;
import io.solebox.server.accounts.UserKey;
import io.solebox.store.sign.KeyName;
import io.solebox.store.sign.TrustFolder;
import io.solebox.store.sign.VerifyKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** All keys. */
@Command(
    name = "ls",
    aliases = "list",
    description =
        "List the keys that sign here, those that are trusted here, and the API keys of people.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class KeysListCommand implements Callable<Integer> {
  private static final String NONE =
      "There is no key yet; 'solebox keys make NAME' makes one that signs, 'solebox keys trust"
          + " FILE' trusts another's, and 'solebox keys add USER' makes one for a program.";

  private static final List<String> COLUMNS =
      List.of(
          "id",
          "user",
          "name",
          "shown",
          "models",
          "routes",
          "limits",
          "receipt",
          "expires",
          "last_use");

  private final Keys keys;

  @Mixin private BoxAccounts box;

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
    List<Map<String, Object>> ofPeople = ofPeople();
    if (json) {
      rows.addAll(ofPeople);
      keys.json(rows);
      return 0;
    }
    if (rows.isEmpty() && ofPeople.isEmpty()) {
      keys.console().error(NONE);
      return 0;
    }
    rows.forEach(
        row ->
            keys.console()
                .println(
                    "%-8s %s  %s"
                        .formatted(row.get("use"), row.get("fingerprint"), row.get("name"))));
    if (!ofPeople.isEmpty()) {
      keys.console().println("API keys");
      Table.lines(cells(ofPeople)).forEach(keys.console()::println);
    }
    return 0;
  }

  /** Keys by which programs get in, which are another kind of thing. */
  private List<Map<String, Object>> ofPeople() {
    Optional<OpenAccounts> existing = box.existing(keys.environment());
    if (existing.isEmpty()) {
      return List.of();
    }
    try (OpenAccounts open = existing.get()) {
      Map<String, String> names = new HashMap<>();
      open.accounts().store().users().forEach(user -> names.put(user.id(), user.name()));
      List<Map<String, Object>> rows = new ArrayList<>();
      for (UserKey key : open.accounts().keys().all()) {
        Map<String, Object> row = AccountJson.key(key, names.get(key.user()));
        row.put("use", "api");
        rows.add(row);
      }
      return rows;
    }
  }

  private static List<List<String>> cells(List<Map<String, Object>> rows) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(COLUMNS.stream().map(column -> column.toUpperCase(Locale.ROOT)).toList());
    for (Map<String, Object> row : rows) {
      cells.add(
          COLUMNS.stream()
              .map(column -> Objects.toString(row.get(column), ""))
              .map(cell -> cell.isEmpty() ? "-" : cell)
              .toList());
    }
    return cells;
  }

  private static Map<String, Object> row(String use, KeyName name, VerifyKey key) {
    Map<String, Object> row = Keys.fields(name, key);
    row.put("use", use);
    return row;
  }
}
