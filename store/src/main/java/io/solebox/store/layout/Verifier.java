package io.solebox.store.layout;

import io.solebox.store.blob.Digest;
import io.solebox.store.blob.StoreFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Reads the blobs of models and holds each to its name. */
public final class Verifier {
  private final ModelStore store;

  public Verifier(ModelStore store) {
    this.store = store;
  }

  /** What a blob was found to be. */
  public enum State {
    SOUND,
    MISSING,
    /** It holds something else. */
    DAMAGED
  }

  /**
   * A blob and the models whose it is.
   *
   * @param title the name of its file in one of them, or its media type
   */
  public record Checked(
      Digest digest, long bytes, String title, List<ModelName> names, State state) {}

  /** The blobs of some names in all their generations, each once, not read yet. */
  public List<Checked> blobs(List<ModelName> names) {
    Map<Digest, Checked> blobs = new LinkedHashMap<>();
    for (ModelName name : names) {
      for (Generation generation : store.generations(name)) {
        for (Descriptor blob : generation.manifest().blobs()) {
          Checked checked = blobs.computeIfAbsent(blob.digest(), _ -> unread(blob));
          if (!checked.names().contains(name)) {
            checked.names().add(name);
          }
        }
      }
    }
    return List.copyOf(blobs.values());
  }

  private static Checked unread(Descriptor blob) {
    String title = blob.title().orElse(blob.mediaType());
    return new Checked(blob.digest(), blob.size(), title, new ArrayList<>(), State.SOUND);
  }

  /**
   * Reads one.
   *
   * @param progress hears how many bytes each read brought
   */
  public Checked check(Checked blob, LongConsumer progress) {
    Optional<Path> file = store.blobs().find(blob.digest());
    State state = file.isEmpty() ? State.MISSING : state(blob, file.get(), progress);
    return new Checked(blob.digest(), blob.bytes(), blob.title(), blob.names(), state);
  }

  private static State state(Checked blob, Path file, LongConsumer progress) {
    try {
      boolean sound =
          Files.size(file) == blob.bytes() && Digest.of(file, progress).equals(blob.digest());
      return sound ? State.SOUND : State.DAMAGED;
    } catch (IOException e) {
      throw StoreFailure.of(file, e);
    }
  }

  /** Takes a damaged blob away, so that the next pull or import brings a sound one. */
  public void discard(Checked blob) {
    try {
      store
          .blobs()
          .lock()
          .change(
              "discards a damaged blob",
              () -> {
                store.blobs().trash().take(store.blobs().pathOf(blob.digest()));
                return blob;
              });
      store.blobs().trash().empty();
    } catch (IOException e) {
      throw StoreFailure.of(store.blobs().root(), e);
    }
  }
}
