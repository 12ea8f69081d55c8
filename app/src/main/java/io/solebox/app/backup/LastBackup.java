package io.solebox.app.backup;

import io.solebox.engine.error.Printable;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.store.blob.Disk;
import io.solebox.store.blob.StoreFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** When the last backup of a box was written, in {@code backup.json} of the data folder. */
record LastBackup(Path file) {
  private static final JsonReader READER = new JsonReader(new JsonLimits(1 << 16, 4, 10_000, 100));

  static LastBackup of(BackupPlaces places) {
    return new LastBackup(places.data().resolve("backup.json"));
  }

  /**
   * @param target where it went, in words
   */
  void remember(BackupWriter.Written written, String target) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("made", written.head().made().toString());
    fields.put("bytes", written.head().bytes());
    fields.put("with_models", written.withModels());
    fields.put("target", Printable.name(target));
    try {
      Disk.SYSTEM.replace(file, new JsonWriter().bytes(fields));
    } catch (IOException e) {
      throw StoreFailure.of(file, e);
    }
  }

  /** Empty where none was written, or nobody can read when. */
  Optional<Map<String, Object>> read() {
    try {
      return Files.exists(file)
          ? Optional.of(READER.readObject(Files.readAllBytes(file)))
          : Optional.empty();
    } catch (JsonException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw StoreFailure.of(file, e);
    }
  }
}
