package io.solebox.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;

/**
 * Reads one form with at most one file, which goes to disk as it comes. Owned by one thread.
 *
 * <p>Source: RFC 7578.
 */
final class FormReader implements MultiPart.Parser.Listener {
  private static final int MAX_FIELD_BYTES = 64 << 10;
  private static final int MAX_PARTS = 32;
  private static final int MAX_HEADER_BYTES = 8 << 10;

  private final Path folder;
  private final long maxBytes;
  private final Map<String, String> fields = new HashMap<>();
  private Optional<Form.Upload> file = Optional.empty();
  private Map<String, String> disposition = new HashMap<>();
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private Optional<Writing> writing = Optional.empty();
  private Optional<Throwable> failure = Optional.empty();
  private Optional<IOException> diskFailure = Optional.empty();
  private boolean complete;

  /** The file as it is written. */
  private record Writing(Path path, FileChannel out, MessageDigest digest) {}

  private FormReader(Path folder, long maxBytes) {
    this.folder = folder;
    this.maxBytes = maxBytes;
  }

  /**
   * @param contentType with the boundary
   * @param folder where the file goes
   * @param maxBytes of the whole body
   * @throws Problem 400, 408, 413 or 415; then nothing is left of the file
   */
  static Form read(BodyParts parts, String contentType, Path folder, long maxBytes)
      throws InterruptedException {
    FormReader reader = new FormReader(folder, maxBytes);
    boolean done = false;
    try {
      Form form = reader.run(parts, boundary(contentType));
      done = true;
      return form;
    } catch (IOException e) {
      throw Problem.of(507, "io_error", "The file cannot be written: " + e.getMessage() + ".");
    } finally {
      if (!done) {
        reader.discard();
      }
    }
  }

  private static String boundary(String contentType) {
    Map<String, String> parameters = new HashMap<>();
    String type =
        Optional.ofNullable(HttpField.getValueParameters(contentType, parameters)).orElse("");
    String boundary = parameters.get("boundary");
    if (!type.strip().equalsIgnoreCase("multipart/form-data") || boundary == null) {
      throw Problem.of(
          415,
          "unsupported_content_type",
          "Send a form, with 'Content-Type: multipart/form-data; boundary=...'.");
    }
    return boundary;
  }

  private Form run(BodyParts parts, String boundary) throws InterruptedException, IOException {
    MultiPart.Parser parser = new MultiPart.Parser(boundary, this);
    parser.setMaxParts(MAX_PARTS);
    parser.setPartHeadersMaxLength(MAX_HEADER_BYTES);
    parts.takeAll(
        maxBytes,
        chunk -> {
          parser.parse(chunk);
          requireWell();
        });
    if (!complete) {
      throw malformed("it breaks off");
    }
    return new Form(Map.copyOf(fields), file);
  }

  private void requireWell() throws IOException {
    if (diskFailure.isPresent()) {
      throw diskFailure.get();
    }
    if (failure.isPresent()) {
      throw failure.get() instanceof Problem problem
          ? problem
          : malformed(failure.get().getMessage());
    }
  }

  private static Problem malformed(String how) {
    return Problem.of(400, "invalid_form", "The form is not as RFC 7578 wants it: " + how + ".");
  }

  @Override
  public void onPartBegin() {
    disposition = new HashMap<>();
    text.reset();
  }

  @Override
  public void onPartHeader(String name, String value) {
    if (name.equalsIgnoreCase("Content-Disposition")) {
      HttpField.getValueParameters(value, disposition);
    }
  }

  @Override
  public void onPartHeaders() {
    if (!disposition.containsKey("filename") || failure.isPresent()) {
      return;
    }
    if (file.isPresent()) {
      failure = Optional.of(Problem.of(400, "invalid_form", "The form has more than one file."));
      return;
    }
    try {
      Path path =
          Files.createTempFile(
              folder,
              "upload",
              ".part",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      writing =
          Optional.of(
              new Writing(
                  path, FileChannel.open(path, StandardOpenOption.WRITE), Digests.sha256()));
    } catch (IOException e) {
      diskFailure = Optional.of(e);
    }
  }

  @Override
  public void onPartContent(Content.Chunk chunk) {
    if (failure.isPresent()) {
      return;
    }
    ByteBuffer bytes = chunk.getByteBuffer().slice();
    if (writing.isPresent()) {
      write(writing.get(), bytes);
    } else if (text.size() + bytes.remaining() > MAX_FIELD_BYTES) {
      failure =
          Optional.of(Problem.of(413, "request_too_large", "A field of the form is too long."));
    } else {
      byte[] more = new byte[bytes.remaining()];
      bytes.get(more);
      text.writeBytes(more);
    }
  }

  private void write(Writing to, ByteBuffer bytes) {
    try {
      to.digest().update(bytes.duplicate());
      while (bytes.hasRemaining()) {
        to.out().write(bytes);
      }
    } catch (IOException e) {
      diskFailure = Optional.of(e);
    }
  }

  @Override
  public void onPartEnd() {
    String name = disposition.getOrDefault("name", "");
    if (writing.isPresent()) {
      Writing done = writing.get();
      try {
        done.out().force(true);
        long bytes = done.out().size();
        done.out().close();
        String digest = HexFormat.of().formatHex(done.digest().digest());
        file =
            Optional.of(
                new Form.Upload(name, disposition.get("filename"), done.path(), bytes, digest));
        writing = Optional.empty();
      } catch (IOException e) {
        failure = Optional.of(e);
      }
    } else {
      fields.put(name, text.toString(StandardCharsets.UTF_8));
    }
  }

  @Override
  public void onComplete() {
    complete = true;
  }

  @Override
  public void onFailure(Throwable cause) {
    failure = failure.or(() -> Optional.of(cause));
  }

  private void discard() {
    try {
      if (writing.isPresent()) {
        writing.get().out().close();
        Files.deleteIfExists(writing.get().path());
      }
      if (file.isPresent()) {
        Files.deleteIfExists(file.get().path());
      }
    } catch (IOException e) {
      // The next start sweeps what is left.
    }
  }
}
