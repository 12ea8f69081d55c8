package io.solebox.server.seal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/** Seals and opens the bytes of one file of an owner. */
public final class FileKey {
  /** Of a sealed file's name, behind its id. */
  public static final String SUFFIX = ".sealed";

  private final SecretKey key;
  private final String file;

  FileKey(SecretKey key, String file) {
    this.key = key;
    this.file = file;
  }

  /**
   * Writes a file, of which no byte is on the disk as it is. When it was closed without an error it
   * is there whole, whatever happens to the machine.
   *
   * @param path of a file that is there, and empty
   */
  public OutputStream write(Path path) throws IOException {
    return new SealedOutput(path, key, file);
  }

  /**
   * Reads a file from its beginning. A file that was changed, cut or moved since it was written
   * ends in an {@link IOException}, before any byte that is not as it was written.
   */
  public InputStream read(Path path) throws IOException {
    return new SealedInput(path, key, file);
  }
}
