package io.solebox.app.bundle;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.store.sign.KeyFolder;
import io.solebox.store.sign.KeyName;
import io.solebox.store.sign.TrustFolder;
import io.solebox.store.sign.VerifyKey;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the commands about keys have in common.
 *
 * @param console to which they print
 * @param environment where the keys are
 */
record Keys(Console console, Environment environment) {
  KeyFolder own() {
    return new KeyFolder(environment.dataFolder());
  }

  TrustFolder trusted() {
    return new TrustFolder(environment.dataFolder());
  }

  void json(Object value) {
    console.println(Json.text(value));
  }

  static Map<String, Object> fields(KeyName name, VerifyKey key) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", name.text());
    fields.put("fingerprint", key.fingerprint());
    return fields;
  }
}
