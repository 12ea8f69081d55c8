package io.solebox.app.bundle;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.store.layout.ModelStore;
import io.solebox.store.sign.KeyFolder;
import io.solebox.store.sign.TrustFolder;

/**
 * What the commands about bundles have in common.
 *
 * @param console to which they print
 * @param environment where store and keys are
 */
record Bundles(Console console, Environment environment) {
  ModelStore store() {
    return ModelStore.open(environment.storeFolder());
  }

  KeyFolder keys() {
    return new KeyFolder(environment.dataFolder());
  }

  TrustFolder trust() {
    return new TrustFolder(environment.dataFolder());
  }

  void json(Object value) {
    console.println(Json.text(value));
  }
}
