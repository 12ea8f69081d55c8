package io.solebox.store.edit;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ModelSource.Access;
import io.solebox.engine.source.gguf.GgufSource;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.store.convert.FreeSpace;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Other metadata for the same tensors, in a new file: keys keep their places, new ones come last.
 */
public final class MetadataEdit {
  private MetadataEdit() {}

  /**
   * @param file of several any; they become one
   * @param out the file to write
   * @param replace whether a file of this name may be replaced
   * @return bytes of the file
   * @throws SoleboxException {@code INVALID_PARAMETER} for a key that is not there, that says how
   *     the file is laid out, or gets a value of another kind; as {@link GgufSource#open}; {@code
   *     IO_ERROR}
   */
  public static long write(
      Path file, List<KeyChange> changes, Path out, boolean replace, Progress progress) {
    try (GgufSource source = GgufSource.open(file, Access.MAPPED)) {
      var writer = new GgufWriter();
      edited(source.metadata(), changes).forEach(writer::put);
      new GgufCopy(source, progress).add(writer, source.tensors());
      FreeSpace.require(out, writer.size(), replace);
      writer.write(out);
      source.checkUnchanged();
      return writer.size();
    }
  }

  private static Map<String, MetadataValue> edited(Metadata metadata, List<KeyChange> changes) {
    var values = new LinkedHashMap<String, MetadataValue>();
    for (String key : metadata.keys()) {
      if (!Keys.isLayout(key)) {
        values.put(key, metadata.find(key).orElseThrow());
      }
    }
    for (KeyChange change : changes) {
      requireContent(change.key());
      Optional<MetadataValue> old = Optional.ofNullable(values.get(change.key()));
      if (change.value().isPresent()) {
        values.put(change.key(), change.read(old));
      } else if (values.remove(change.key()) == null) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            metadata.place(),
            "there is no key " + Printable.name(change.key()) + " to take out",
            "'solebox inspect' shows which there are.");
      }
    }
    return values;
  }

  private static void requireContent(String key) {
    if (Keys.isLayout(key) || key.isBlank()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "key " + Printable.name(key),
          "it says how the file is laid out, and is written with it",
          "Leave it out; 'solebox models split' and 'join' change it.");
    }
  }
}
