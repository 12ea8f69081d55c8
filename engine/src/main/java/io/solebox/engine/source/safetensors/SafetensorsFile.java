package io.solebox.engine.source.safetensors;

import io.solebox.engine.source.FileBytes;
import io.solebox.engine.source.FileStamp;
import io.solebox.engine.source.ModelSource.Access;
import io.solebox.engine.source.ReservedTail;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Set;

/** One safetensors file, open for reading: its checked header and its bytes. */
record SafetensorsFile(Path path, SafetensorsHeader header, FileBytes bytes)
    implements AutoCloseable {
  private static final Set<Dtype> FLOATS = Set.of(Dtype.F32, Dtype.F16, Dtype.BF16, Dtype.F8_E4M3);
  private static final long SMALL_BYTES = 1 << 13;

  static SafetensorsFile open(Path path, Access access) {
    FileStamp stamp = FileStamp.of(path);
    try (FileChannel channel = FileChannel.open(path)) {
      SafetensorsHeader header = SafetensorsHeader.read(path, channel, stamp.bytes());
      return new SafetensorsFile(path, header, FileBytes.of(path, channel, stamp, access));
    } catch (IOException e) {
      throw FileStamp.unreadable(path, e);
    }
  }

  /** A file of weights does not end in zeros, but a small matrix may be all zero. */
  void checkTail() {
    header.tensors().stream()
        .filter(tensor -> FLOATS.contains(tensor.dtype()) && tensor.shape().size() > 1)
        .reduce((_, last) -> last)
        .filter(tensor -> tensor.bytes() > SMALL_BYTES)
        .ifPresent(
            last ->
                ReservedTail.check(
                    path, last.name(), last.offset(), bytes.slice(last.offset(), last.bytes())));
  }

  @Override
  public void close() {
    bytes.close();
  }
}
