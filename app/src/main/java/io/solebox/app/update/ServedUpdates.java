package io.solebox.app.update;

import io.solebox.app.update.file.Manifest;
import io.solebox.app.update.file.Part;
import io.solebox.app.update.file.UpdateFile;
import io.solebox.app.update.slot.Machine;
import io.solebox.engine.backend.Progress;
import io.solebox.server.update.Updating;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a server says of updates, which needs no rights.
 *
 * @param machine whose keys count
 * @param version of the program that runs
 */
public record ServedUpdates(Machine machine, String version) implements Updating {
  /** Of the machine that this runs on. */
  public static ServedUpdates here(String version) {
    return new ServedUpdates(Machine.here(), version);
  }

  @Override
  public Map<String, Object> check(Path file) {
    try (UpdateFile update = open(file)) {
      update.check(Progress.none());
      return fields(update);
    }
  }

  @Override
  public Map<String, Object> about(Path file) {
    try (UpdateFile update = open(file)) {
      return fields(update);
    }
  }

  private UpdateFile open(Path file) {
    UpdateFile update = UpdateFile.open(file, machine.keys());
    try {
      update.manifest().requireFor(machine.architecture(), update.place());
      return update;
    } catch (RuntimeException e) {
      update.close();
      throw e;
    }
  }

  private Map<String, Object> fields(UpdateFile update) {
    Manifest manifest = update.manifest();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("version", manifest.version().toString());
    fields.put("architecture", manifest.architecture().word());
    fields.put("made", manifest.made().toString());
    fields.put("bytes", manifest.parts().stream().mapToLong(Part::bytes).sum());
    fields.put("signed_by", update.signer());
    fields.put("older", manifest.orderTo(version) == Manifest.Order.OLDER);
    return fields;
  }
}
