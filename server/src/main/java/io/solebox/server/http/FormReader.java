package io.solebox.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;

/**
 * Reads one form with at most one file, which goes where it is wanted as it comes. Owned by one
 * thread.
 *
 * <p>Source: RFC 7578.
 */
final class FormReader implements MultiPart.Parser.Listener {
  private static final int MAX_FIELD_BYTES = 64 << 10;
  private static final int MAX_PARTS = 32;
  private static final int MAX_HEADER_BYTES = 8 << 10;

  private final Form.Target target;
  private final long maxBytes;
  private final Map<String, String> fields = new HashMap<>();
  private Optional<Form.Upload> file = Optional.empty();
  private Map<String, String> disposition = new HashMap<>();
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private Optional<OutputStream> writing = Optional.empty();
  private Optional<Throwable> failure = Optional.empty();
  private Optional<IOException> diskFailure = Optional.empty();
  private boolean complete;

  private FormReader(Form.Target target, long maxBytes) {
    this.target = target;
    this.maxBytes = maxBytes;
  }

  /**
   * @param contentType with the boundary
   * @param target where the file goes
   * @param maxBytes of the whole body
   * @throws Problem 400, 408, 413 or 415; then what the target has got is not a whole file
   */
  static Form read(BodyParts parts, String contentType, Form.Target target, long maxBytes)
      throws InterruptedException {
    FormReader reader = new FormReader(target, maxBytes);
    try {
      return reader.run(parts, boundary(contentType));
    } catch (IOException e) {
      throw Problem.of(507, "io_error", "The file cannot be written: " + e.getMessage() + ".");
    } finally {
      reader.letGo();
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
      writing = Optional.of(target.open());
    } catch (IOException e) {
      diskFailure = Optional.of(e);
    }
  }

  @Override
  public void onPartContent(Content.Chunk chunk) {
    if (failure.isPresent()) {
      return;
    }
    byte[] more = new byte[chunk.remaining()];
    chunk.getByteBuffer().slice().get(more);
    if (writing.isPresent()) {
      write(writing.get(), more);
    } else if (text.size() + more.length > MAX_FIELD_BYTES) {
      failure =
          Optional.of(Problem.of(413, "request_too_large", "A field of the form is too long."));
    } else {
      text.writeBytes(more);
    }
  }

  private void write(OutputStream to, byte[] bytes) {
    try {
      to.write(bytes);
    } catch (IOException e) {
      diskFailure = Optional.of(e);
    }
  }

  @Override
  public void onPartEnd() {
    String name = disposition.getOrDefault("name", "");
    if (writing.isPresent()) {
      try {
        writing.get().close();
        writing = Optional.empty();
        file = Optional.of(new Form.Upload(name, disposition.get("filename")));
      } catch (IOException e) {
        diskFailure = Optional.of(e);
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

  /** Of a file that has not come whole. */
  private void letGo() {
    try {
      if (writing.isPresent()) {
        writing.get().close();
      }
    } catch (IOException e) {
      // Nobody wants it any more.
    }
  }
}
