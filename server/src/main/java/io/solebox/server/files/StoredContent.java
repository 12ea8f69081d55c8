package io.solebox.server.files;

import io.solebox.server.files.FileStore.StoredFile;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;

/** Files as they came. */
public final class StoredContent {
  private StoredContent() {}

  /**
   * Answers with a file, which browsers save.
   *
   * @param owner whose it is
   */
  public static void send(Exchange exchange, FileStore store, StoredFile file, String owner) {
    try (InputStream in = store.read(file.id(), owner)) {
      exchange.setHeader("Content-Disposition", Attachment.named(file.name()));
      exchange.sendAll("application/octet-stream", in, file.bytes());
    } catch (NoSuchFileException e) {
      // The process ended while it was deleted, or its backup came without it.
      throw Problem.of(
          404,
          "file_content_not_found",
          "The content of '%s' is not there any more. Delete it, or send it again."
              .formatted(file.id()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
