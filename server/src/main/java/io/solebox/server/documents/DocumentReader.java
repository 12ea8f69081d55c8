package io.solebox.server.documents;

import java.io.InputStream;

/** Documents to text. Safe for many threads. */
@FunctionalInterface
public interface DocumentReader extends AutoCloseable {
  /**
   * Reads a document.
   *
   * @param name as its file is called; the last part of a path is enough
   * @param content read once, to its end or until it is refused; stays open
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_DOCUMENT} with the name as its
   *     place if it is none that can be read, {@code IO_ERROR} if its content or the reader cannot
   *     be had
   * @throws InterruptedException if the thread was; nothing goes on
   */
  DocumentText read(String name, InputStream content) throws InterruptedException;

  /** Ends what reads, in the midst of a document too; where nothing has to end, nothing happens. */
  @Override
  default void close() {}
}
