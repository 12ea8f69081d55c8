package io.solebox.app.bench;

import io.solebox.app.console.Console;
import io.solebox.app.console.Json;
import io.solebox.app.session.EngineOptions;
import io.solebox.engine.api.Engine;
import io.solebox.engine.backend.Yardstick.Kind;
import java.util.EnumSet;
import java.util.LinkedHashMap;

/** Measures a device without a model, for people or for programs. */
record DeviceBench(Console console, EngineOptions engine, boolean json) {
  void run() {
    try (Engine device = engine.open()) {
      var measured = Yardsticks.measure(device.yardsticks(), EnumSet.allOf(Kind.class));
      if (json) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("device", device.device());
        fields.put("threads", engine.threads());
        fields.putAll(measured.fields());
        console.println(Json.text(fields));
      } else if (measured.of(Kind.READ_BANDWIDTH).isPresent()) {
        measured.lines().forEach(console::println);
      } else {
        console.println(device.device() + " has no measure of its read bandwidth.");
      }
    }
  }
}
