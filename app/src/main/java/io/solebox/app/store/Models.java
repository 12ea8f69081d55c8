package io.solebox.app.store;

import io.solebox.app.console.Console;
import io.solebox.app.console.Dates;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.console.Table;
import io.solebox.app.session.CleanupNotes;
import io.solebox.app.session.ModelLocator;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.catalogue.Catalogues;
import io.solebox.store.cleanup.Cleanup;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import java.time.Instant;
import java.util.List;

/**
 * What the commands about models have in common.
 *
 * @param console to which they print
 * @param environment where the store is
 */
record Models(Console console, Environment environment) {
  ModelLocator locator() {
    return new ModelLocator(environment);
  }

  ModelStore store() {
    return ModelStore.open(environment.storeFolder());
  }

  Catalogues catalogues() {
    return new Catalogues(environment.dataFolder());
  }

  Cleanup cleanup() {
    return new Cleanup(store(), environment.storeFolder());
  }

  /** What a command does that has brought a model; silent where no rule is set. */
  void cleanUp() {
    CleanupNotes.run(console, environment);
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
    return Dates.minute(instant);
  }

  /** Rows in columns. */
  void table(List<List<String>> rows) {
    Table.lines(rows).forEach(console::println);
  }
}
