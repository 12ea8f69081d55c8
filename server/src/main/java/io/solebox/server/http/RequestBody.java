package io.solebox.server.http;

import io.solebox.engine.json.JsonSkips;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.Map;
import org.eclipse.jetty.server.Request;

/** The body of one request, read at most once. Owned by the thread that handles the request. */
final class RequestBody {
  /** A body longer than this that nobody read is not read to its end; the connection is closed. */
  private static final long MAX_UNREAD_BYTES = 64 << 10;

  private static final Duration LINGER = Duration.ofSeconds(2);

  private final Request request;
  private final RequestHeaders headers;
  private final BodyParts parts;
  private boolean read;

  RequestBody(Request request, RequestHeaders headers) {
    this.request = request;
    this.headers = headers;
    this.parts = new BodyParts(request);
  }

  /** As {@link Exchange#readObject}. */
  <T> T readObject(BodyReader bodies, int maxBytes, JsonSkips skips, Exchange.BodyUse<T> use)
      throws InterruptedException {
    try (BodyBudget.Share share = bodies.share()) {
      Map<String, Object> object = bodies.readObject(parts, headers, maxBytes, skips, share);
      read = true;
      return use.read(object);
    }
  }

  /** As {@link Exchange#readForm}. */
  Form readForm(Form.Target target, long maxBytes) throws InterruptedException {
    String type = headers.single("Content-Type").orElse("");
    Form form = FormReader.read(parts, type, target, maxBytes);
    read = true;
    return form;
  }

  /** As {@link Exchange#readBytes}. */
  void readBytes(WritableByteChannel to, long maxBytes) throws InterruptedException, IOException {
    parts.takeAll(
        maxBytes,
        chunk -> {
          ByteBuffer bytes = chunk.getByteBuffer();
          while (bytes.hasRemaining()) {
            to.write(bytes);
          }
        });
    read = true;
  }

  /** Whether there is more of it than is read to its end for the next request's sake. */
  boolean isUnreadLong() {
    boolean chunked = headers.has("Transfer-Encoding");
    return !read && (chunked || request.getLength() > MAX_UNREAD_BYTES);
  }

  /**
   * Reads on past a refused body: most clients look for an answer only when they have sent all, and
   * a connection that is closed before looks to them like a broken one.
   */
  void linger(long maxBytes) throws InterruptedException {
    // Who asked whether to send has been told not to.
    if (isUnreadLong() && !headers.has("Expect")) {
      BodyReader.linger(parts, maxBytes, LINGER);
    }
  }
}
