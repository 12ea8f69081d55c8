package io.solebox.engine.spill;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Keeps the files of a {@link PrefixFolder} from whoever has the disk and not the key. Safe for
 * many threads.
 */
public interface FileSeal {
  /** Files are as they are: whoever can read them knows what is in them. */
  FileSeal NONE = new Unsealed();

  /** By which a folder tells, to everybody, what its files are sealed with. */
  String mark();

  /** Goes into the names of files, which would else let prompts be guessed; nobody may read it. */
  String secret();

  /** Bytes of a file that holds so many. */
  long sealedBytes(long bytes);

  /** Bytes that a file of so many holds. */
  long openBytes(long sealed);

  /**
   * Writes a file; it is on the disk, whole, when this was closed without an error.
   *
   * @param file is there, and empty
   * @param name that it is read by
   */
  OutputStream write(Path file, String name) throws IOException;

  /**
   * Reads a file.
   *
   * @throws EOFException also while it is read, where it is not what was written by this name
   */
  InputStream read(Path file, String name) throws IOException;
}
