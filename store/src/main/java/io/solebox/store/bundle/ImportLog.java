package io.solebox.store.bundle;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.store.blob.BlobStore;
import io.solebox.store.blob.Disk;
import io.solebox.store.blob.StoreFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Of each thing that bundles have brought, when the latest of them was made, {@code bundles.json}
 * in the store: whoever replays an old bundle cannot bring an old model back. What is removed from
 * the store stays here.
 */
final class ImportLog {
  private static final JsonReader READER =
      new JsonReader(new JsonLimits(64 << 20, 3, 1000, 1_000_000));

  private final BlobStore blobs;
  private final Disk disk;
  private final Path file;

  ImportLog(BlobStore blobs, Path store, Disk disk) {
    this.blobs = blobs;
    this.disk = disk;
    this.file = store.resolve("bundles.json");
  }

  /**
   * What of a bundle is older than what there was before.
   *
   * @param made when the bundle was
   * @return for people; empty if nothing is
   */
  List<String> older(List<BundleItem> items, Instant made) {
    Map<String, Instant> latest = read();
    List<String> older = new ArrayList<>();
    for (BundleItem item : items) {
      Instant before = latest.getOrDefault(key(item), made);
      if (made.isBefore(before)) {
        older.add("%s came in one of %s".formatted(item.title(), before));
      }
    }
    return older;
  }

  /** Notes a bundle, before anything of it has a name. */
  void note(List<BundleItem> items, Instant made) throws IOException {
    blobs
        .lock()
        .change(
            "notes a bundle",
            () -> {
              Map<String, Instant> latest = read();
              for (BundleItem item : items) {
                latest.merge(key(item), made, (a, b) -> a.isAfter(b) ? a : b);
              }
              Map<String, Object> fields = new TreeMap<>();
              latest.forEach((key, instant) -> fields.put(key, instant.toString()));
              disk.replace(file, new JsonWriter().bytes(fields));
              return fields;
            });
  }

  /** Names that are the same have the same key. */
  private static String key(BundleItem item) {
    return switch (item) {
      case BundleItem.Model model -> "model " + model.name().toString().toLowerCase(Locale.ROOT);
      case BundleItem.Runtime _ -> "runtime";
    };
  }

  private Map<String, Instant> read() {
    try {
      Map<String, Instant> latest = new TreeMap<>();
      READER
          .readObject(Files.readAllBytes(file))
          .forEach((key, text) -> latest.put(key, Instant.parse(String.valueOf(text))));
      return latest;
    } catch (NoSuchFileException e) {
      return new TreeMap<>();
    } catch (JsonException | DateTimeException e) {
      throw new SoleboxException(
          ErrorCode.BAD_STORE,
          file.toString(),
          "this is not the list of bundles that have come: " + e.getMessage(),
          "Take it from a backup, or move it away; then nobody knows which bundles are older.",
          e);
    } catch (IOException e) {
      throw StoreFailure.of(file, e);
    }
  }
}
