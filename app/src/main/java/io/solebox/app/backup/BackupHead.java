package io.solebox.app.backup;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a backup says of itself, its first entry.
 *
 * @param made when
 * @param solebox the version that has made it
 * @param bytes of all that follows
 * @param leftOut what the box had besides, in words
 */
record BackupHead(
    Instant made, String solebox, long bytes, List<ListedModel> models, List<String> leftOut) {
  static final String NAME = "solebox-backup.json";

  /** More models and files than any box has. */
  static final int MOST_BYTES = 64 << 20;

  private static final long FORMAT = 1;
  private static final String FORMAT_FIELD = "solebox_backup";
  private static final JsonReader READER =
      new JsonReader(new JsonLimits(MOST_BYTES, 6, MOST_BYTES, 1_000_000));

  BackupHead {
    models = List.copyOf(models);
    leftOut = List.copyOf(leftOut);
  }

  byte[] json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(FORMAT_FIELD, FORMAT);
    fields.put("made", made.toString());
    fields.put("solebox", solebox);
    fields.put("bytes", bytes);
    fields.put("models", models.stream().map(ListedModel::fields).toList());
    fields.put("left_out", leftOut);
    return new JsonWriter().bytes(fields);
  }

  /**
   * @throws SoleboxException {@code BAD_BUNDLE} where it is none, or of a later version
   */
  static BackupHead read(byte[] json, String place) {
    try {
      Map<String, Object> fields = READER.readObject(json);
      if (fields.get(FORMAT_FIELD) instanceof Long format && format > FORMAT) {
        throw later(place, String.valueOf(fields.get("solebox")));
      }
      if (fields.get(FORMAT_FIELD) instanceof Long
          && fields.get("made") instanceof String made
          && fields.get("solebox") instanceof String solebox
          && fields.get("bytes") instanceof Long bytes
          && fields.get("models") instanceof List<?> models
          && fields.get("left_out") instanceof List<?> leftOut) {
        List<ListedModel> listed = new ArrayList<>();
        models.forEach(each -> listed.add(ListedModel.read((Map<?, ?>) each, place)));
        return new BackupHead(
            Instant.parse(made),
            solebox,
            bytes,
            listed,
            leftOut.stream().map(String::valueOf).toList());
      }
    } catch (JsonException | DateTimeException | ClassCastException e) {
      // The same as for one without these fields.
    }
    throw noBackup(place, "what it says of itself cannot be read");
  }

  static SoleboxException later(String place, String version) {
    return new SoleboxException(
        ErrorCode.BAD_BUNDLE,
        place,
        "A later version of Solebox has written it (" + version + "), and this one cannot read it.",
        "Update Solebox on this machine first; nothing was changed.");
  }

  static SoleboxException noBackup(String place, String why) {
    return new SoleboxException(
        ErrorCode.BAD_BUNDLE,
        place,
        "This is no backup that can be restored: " + why + ".",
        "Give a file that 'solebox backup' has written; nothing was changed.");
  }
}
