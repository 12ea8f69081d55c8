package io.solebox.app.model;

import io.solebox.app.console.Console;
import io.solebox.app.console.Json;
import io.solebox.app.console.Units;
import io.solebox.engine.api.Engine;
import io.solebox.engine.backend.BackendProvider.Device;
import io.solebox.engine.backend.BackendProvider.Probe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What this machine can compute on. */
@Command(
    name = "devices",
    description = "Show each backend, what it found, which one is chosen, and why not the others.",
    mixinStandardHelpOptions = true)
public final class DevicesCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--json", description = "Print one JSON array.")
  private boolean json;

  public DevicesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<Engine.Found> found = Engine.devices();
    if (json) {
      console.println(Json.text(found.stream().map(DevicesCommand::fields).toList()));
    } else {
      found.forEach(f -> lines(f, found).forEach(console::println));
    }
    return 0;
  }

  private static List<String> lines(Engine.Found backend, List<Engine.Found> all) {
    var lines = new ArrayList<String>();
    lines.add(backend.name() + ": " + verdict(backend, all));
    switch (backend.probe()) {
      case Probe.Usable(int _, List<Device> devices, List<String> notes) -> {
        for (Device device : devices) {
          lines.add(
              "  %s:%d  %s, %s of memory"
                  .formatted(
                      backend.name(),
                      device.index(),
                      device.description(),
                      Units.bytes(device.memoryBytes())));
        }
        notes.forEach(note -> lines.add("  " + note));
      }
      case Probe.Unusable(String reason, String remedy) -> {
        lines.add("  " + reason);
        if (!remedy.isEmpty()) {
          lines.add("  " + remedy);
        }
      }
    }
    return lines;
  }

  private static String verdict(Engine.Found backend, List<Engine.Found> all) {
    if (backend.chosen()) {
      return "chosen by --device auto";
    }
    return switch (backend.probe()) {
      case Probe.Unusable _ -> "cannot be used";
      case Probe.Usable usable when usable.score() < 0 ->
          "can be used, but only when asked for: --device " + backend.name();
      case Probe.Usable _ ->
          "can be used with --device %s; %s is expected to be faster"
              .formatted(
                  backend.name(),
                  all.stream().filter(Engine.Found::chosen).findFirst().orElseThrow().name());
    };
  }

  private static Map<String, Object> fields(Engine.Found backend) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("name", backend.name());
    fields.put("chosen", backend.chosen());
    switch (backend.probe()) {
      case Probe.Usable(int score, List<Device> devices, List<String> notes) -> {
        fields.put("usable", true);
        fields.put("score", score);
        fields.put("devices", devices.stream().map(DevicesCommand::device).toList());
        fields.put("notes", notes);
      }
      case Probe.Unusable(String reason, String remedy) -> {
        fields.put("usable", false);
        fields.put("reason", reason);
        fields.put("remedy", remedy);
      }
    }
    return fields;
  }

  private static Map<String, Object> device(Device device) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("index", device.index());
    fields.put("description", device.description());
    fields.put("memory_bytes", device.memoryBytes());
    return fields;
  }
}
