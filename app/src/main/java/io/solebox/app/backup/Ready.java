package io.solebox.app.backup;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.store.blob.Disk;
import io.solebox.store.blob.StoreFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A backup that lies ready to be put in the place of what is there.
 *
 * @param told what it is, for people: an object of JSON
 */
record Ready(Map<String, Object> told) {
  /** There once all of it is. */
  private static final String MARK = "ready";

  private static final JsonReader READER =
      new JsonReader(new JsonLimits(BackupHead.MOST_BYTES, 6, BackupHead.MOST_BYTES, 1_000_000));

  static Path folder(BackupPlaces places) {
    return places.data().resolve("restoring");
  }

  static Ready of(BackupPlaces places, BackupHead head, List<ListedModel> missing) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("made", head.made().toString());
    told.put("solebox", head.solebox());
    told.put("bytes", head.bytes());
    told.put("has_server", Files.exists(folder(places).resolve(Unpacked.NEW).resolve("server")));
    told.put("left_out", head.leftOut());
    told.put("missing_models", missing.stream().map(Ready::missing).toList());
    return new Ready(told);
  }

  private static Map<String, Object> missing(ListedModel model) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", model.name());
    fields.put("bytes", model.bytes());
    fields.put(
        "how",
        switch (model) {
          case ListedModel.Stored stored when stored.source().isPresent() ->
              "solebox pull " + stored.name();
          case ListedModel.Stored _ -> "It was made or imported: import its file again.";
          case ListedModel.OwnFile _ -> "Copy the file into the folder models.";
        });
    return fields;
  }

  /** Models that are not here. */
  List<String> missingModels() {
    List<String> lines = new ArrayList<>();
    if (told.get("missing_models") instanceof List<?> missing) {
      missing.forEach(
          each -> lines.add(((Map<?, ?>) each).get("name") + ": " + ((Map<?, ?>) each).get("how")));
    }
    return lines;
  }

  void mark(BackupPlaces places) throws IOException {
    Disk.SYSTEM.replace(folder(places).resolve(MARK), new JsonWriter().bytes(told));
  }

  static boolean isReady(BackupPlaces places) {
    return Files.exists(folder(places).resolve(MARK));
  }

  /** Empty where none lies ready. */
  static Optional<Ready> find(BackupPlaces places) {
    try {
      return isReady(places)
          ? Optional.of(
              new Ready(READER.readObject(Files.readAllBytes(folder(places).resolve(MARK)))))
          : Optional.empty();
    } catch (IOException e) {
      throw StoreFailure.of(folder(places), e);
    }
  }

  /** Takes away what lies there, ready or not. */
  static void discard(BackupPlaces places) throws IOException {
    Disk.SYSTEM.delete(folder(places).resolve(MARK)); // half of it must not count
    Disk.SYSTEM.deleteTree(folder(places));
  }
}
