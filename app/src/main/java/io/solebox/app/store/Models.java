package io.solebox.app.store;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.console.Table;
import io.solebox.app.session.ModelLocator;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.catalogue.Catalogue;
import io.solebox.store.cleanup.Cleanup;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * What the commands about models have in common.
 *
 * @param console to which they print
 * @param environment where the store is
 */
record Models(Console console, Environment environment) {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  ModelLocator locator() {
    return new ModelLocator(environment);
  }

  ModelStore store() {
    return ModelStore.open(environment.storeFolder());
  }

  /** The catalogue that counts on this machine. */
  Catalogue catalogue() {
    return Catalogue.ofDistribution();
  }

  Cleanup cleanup() {
    return new Cleanup(store(), environment.storeFolder());
  }

  /** What a command does that has brought a model; silent where no rule is set. */
  void cleanUp() {
    CleanupCommand.report(this, cleanup().run(Instant.now()));
  }

  /**
   * The name that a person means.
   *
   * @throws SoleboxException {@code MODEL_NOT_FOUND} where the store has none
   */
  static ModelName require(ModelStore store, String text) {
    return store
        .find(text)
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.MODEL_NOT_FOUND,
                    Printable.name(text),
                    "there is no such model in the store",
                    "'solebox models ls' shows which there are."));
  }

  static Generation current(ModelStore store, ModelName name) {
    return store.current(name).orElseThrow();
  }

  void json(Object value) {
    console.println(Json.text(value));
  }

  /** In this machine's zone. */
  static String time(Instant instant) {
    return DAY.format(instant.atZone(ZoneId.systemDefault()));
  }

  /** Rows in columns. */
  void table(List<List<String>> rows) {
    Table.lines(rows).forEach(console::println);
  }
}
