package io.solebox.engine.source.safetensors;

import io.solebox.engine.source.FileBytes;
import io.solebox.engine.source.FileStamp;
import io.solebox.engine.source.ModelSource.Access;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** One safetensors file, open for reading: its checked header and its bytes. */
record SafetensorsFile(Path path, SafetensorsHeader header, FileBytes bytes)
    implements AutoCloseable {
  static SafetensorsFile open(Path path, Access access) {
    FileStamp stamp = FileStamp.of(path);
    try (FileChannel channel = FileChannel.open(path)) {
      SafetensorsHeader header = SafetensorsHeader.read(path, channel, stamp.bytes());
      return new SafetensorsFile(path, header, FileBytes.of(path, channel, stamp, access));
    } catch (IOException e) {
      throw FileStamp.unreadable(path, e);
    }
  }

  @Override
  public void close() {
    bytes.close();
  }
}
