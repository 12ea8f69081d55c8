package io.solebox.store.edit;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource.Access;
import io.solebox.engine.source.gguf.GgufSource;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.source.gguf.PartName;
import io.solebox.store.convert.FreeSpace;
import java.nio.file.Path;

/** Makes one GGUF file of the parts of a model, without what they say of being parts. */
public final class Joining {
  private Joining() {}

  /**
   * @param part any part; the others lie beside it
   * @param out the file to write
   * @param replace whether a file of this name may be replaced
   * @return bytes of the file
   * @throws SoleboxException {@code INVALID_PARAMETER} for a file that is no part; {@code
   *     MODEL_NOT_FOUND} naming parts that are missing; as {@link GgufSource#open}; {@code
   *     IO_ERROR}
   */
  public static long write(Path part, Path out, boolean replace, Progress progress) {
    if (PartName.of(part).isEmpty()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          part.toString(),
          "this is no part of a model by its name, which would end in -00001-of-00002.gguf",
          "Name one of the parts.");
    }
    try (GgufSource source = GgufSource.open(part, Access.MAPPED)) {
      var writer = new GgufWriter();
      Keys.copy(source, writer);
      new GgufCopy(source, progress).add(writer, source.tensors());
      FreeSpace.require(out, writer.size(), replace);
      writer.write(out);
      source.checkUnchanged();
      return writer.size();
    }
  }
}
