package io.solebox.app.console;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of little-endian f32. */
public final class FloatFile implements AutoCloseable {
  private final Path path;
  private final OutputStream out;

  /**
   * @throws SoleboxException {@code IO_ERROR}
   */
  public FloatFile(Path path) {
    this.path = path;
    try {
      this.out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 20);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * @throws SoleboxException {@code IO_ERROR}
   */
  public void write(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    try {
      out.write(bytes.array());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private SoleboxException failed(IOException e) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        path.toString(),
        "It cannot be written: " + e.getMessage(),
        "Check the folder's permissions and the free space.",
        e);
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }
}
