package io.solebox.app.update;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.update.file.TrustedKeys;
import io.solebox.app.update.slot.Machine;
import io.solebox.app.update.slot.Status;
import io.solebox.app.update.slot.Updater;
import io.solebox.store.sign.KeyFolder;
import io.solebox.store.sign.TrustFolder;
import java.util.List;
import java.util.Map;

/**
 * What the commands about updates have in common.
 *
 * @param console to which they print
 * @param environment where the keys of whoever makes updates are
 * @param machine whose slots they are about
 * @param version of the program that runs
 */
record Updates(Console console, Environment environment, Machine machine, String version) {
  Updater updater() {
    return new Updater(machine, version);
  }

  Status status() {
    return Status.of(machine, version);
  }

  KeyFolder ownKeys() {
    return new KeyFolder(environment.dataFolder());
  }

  /** Of a machine with slots what root says; elsewhere what counts for bundles, too. */
  TrustedKeys trusted() {
    return machine.hasSlots()
        ? machine.keys()
        : new TrustedKeys(List.of(new TrustFolder(environment.dataFolder())));
  }

  void json(Map<String, Object> fields) {
    console.println(Json.text(fields));
  }

  void print(Status status) {
    StatusText.lines(status).forEach(console::println);
  }
}
