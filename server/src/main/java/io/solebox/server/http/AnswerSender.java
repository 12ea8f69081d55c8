package io.solebox.server.http;

import io.solebox.server.http.Counters.Count;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Response;

/**
 * The answer to one request, as it goes out. Owned by the thread that handles the request, save
 * where it says else.
 */
final class AnswerSender {
  private static final Duration FLUSH_AT_STOP = Duration.ofSeconds(2);
  private static final int FILE_STEP = 1 << 20;
  private static final int NOT_WRITING = 0;

  /** As nginx calls it when a client goes before it is answered. */
  private static final int NOT_ANSWERED = 499;

  private final Response response;
  private final Exchange.Services services;
  private final Optional<TraceContext> trace;
  private int status = NOT_ANSWERED;
  private long bytes;
  private volatile boolean clientGone;
  private volatile long writingSince = NOT_WRITING;
  private volatile Optional<EventStream> stream = Optional.empty();
  private Supplier<Map<String, String>> late = Map::of;
  private boolean exposed;

  AnswerSender(Response response, Exchange.Services services, Optional<TraceContext> trace) {
    this.response = response;
    this.services = services;
    this.trace = trace;
  }

  void setHeader(String name, String value) {
    response.getHeaders().put(name, value);
  }

  /** Sets further headers, as they are when the answer begins. */
  void headersWith(Supplier<Map<String, String>> headers) {
    late = headers;
  }

  /** Lets pages from elsewhere read all headers of the answer, not only those that they may. */
  void exposeHeaders() {
    exposed = true;
  }

  /**
   * Answers whole.
   *
   * @param close whether the connection ends with it
   */
  void send(int code, String contentType, byte[] body, boolean close) {
    begin(code);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    if (close) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    write(true, body);
  }

  /**
   * Answers with a file.
   *
   * @param wanted the part that is wanted; empty for all of it
   * @param headOnly whether nobody reads what it holds
   */
  void sendFile(String contentType, Path file, Optional<ByteSpan> wanted, boolean headOnly) {
    try (InputStream in = Files.newInputStream(file)) {
      ByteSpan span = wanted.orElse(ByteSpan.whole(Files.size(file)));
      in.skipNBytes(headOnly ? 0 : span.from());
      sendSpan(contentType, in, span, wanted.isPresent(), headOnly);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Answers with what a stream has.
   *
   * @param in stands at the beginning of the span
   * @param part whether the span is not all that there is
   * @param headOnly whether nobody reads what it holds
   */
  void sendSpan(String contentType, InputStream in, ByteSpan span, boolean part, boolean headOnly)
      throws IOException {
    begin(part ? 206 : 200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, span.to() - span.from());
    if (part) {
      response.getHeaders().put(HttpHeader.CONTENT_RANGE, span.header());
    }
    long left = headOnly ? 0 : span.to() - span.from();
    while (left > 0) {
      byte[] step = in.readNBytes((int) Math.min(FILE_STEP, left));
      if (step.length == 0) {
        throw new EOFException("the file became shorter while it was sent");
      }
      left -= step.length;
      write(false, step);
    }
    write(true, new byte[0]);
  }

  /**
   * Answers with what is made while it goes out, whose length nobody knows before.
   *
   * @param headOnly whether nobody reads what it holds
   * @throws IOException of {@code content}; the answer breaks off then, for its reader to see
   */
  void sendMade(String contentType, Exchange.Content content, boolean headOnly) throws IOException {
    begin(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    if (!headOnly) {
      OutputStream out = new BufferedOutputStream(new Parts(), FILE_STEP);
      content.writeTo(out);
      out.flush();
    }
    write(true, new byte[0]);
  }

  /** What is written here goes out at once. */
  private final class Parts extends OutputStream {
    @Override
    public void write(int single) {
      AnswerSender.this.write(false, new byte[] {(byte) single});
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      AnswerSender.this.write(false, Arrays.copyOfRange(from, offset, offset + length));
    }
  }

  /** Answers without a body. */
  void sendEmpty(int code) {
    begin(code);
    write(true, new byte[0]);
  }

  /** As {@link Exchange#startStream}. */
  EventStream startStream(EventStream.Framing framing) {
    if (stream.isPresent()) {
      return stream.get();
    }
    begin(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, framing.contentType());
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store, no-cache, no-transform");
    response.getHeaders().put("X-Accel-Buffering", "no"); // proxies like nginx keep nothing back
    EventStream events = new EventStream(this, framing);
    write(false, new byte[0]);
    stream = Optional.of(events);
    return events;
  }

  private void begin(int code) {
    services.counters().answered(code); // before anybody can see the answer
    status = code;
    response.setStatus(code);
    late.get().forEach(this::setHeader);
    trace.ifPresent(context -> setHeader(TraceContext.HEADER, context.header()));
    if (exposed) {
      String names = String.join(", ", response.getHeaders().getFieldNamesCollection());
      setHeader("Access-Control-Expose-Headers", names);
    }
  }

  /**
   * @throws ClientGoneException if it cannot be written
   */
  void write(boolean last, byte[] part) {
    bytes += part.length;
    writingSince = System.nanoTime() | 1; // never the value for not writing
    try {
      Content.Sink.write(response, last, ByteBuffer.wrap(part));
    } catch (IOException e) {
      clientGone = true;
      throw new ClientGoneException();
    } finally {
      writingSince = NOT_WRITING;
    }
  }

  Optional<EventStream> stream() {
    return stream;
  }

  boolean isCommitted() {
    return response.isCommitted();
  }

  /** What was sent; 499 where nothing was. */
  int status() {
    return status;
  }

  /** Of the body so far. */
  long bytes() {
    return bytes;
  }

  /** Somebody has noticed that the client has left. From any thread. */
  void lost() {
    clientGone = true;
  }

  /** Whether the client has left, as far as is known. From any thread. */
  boolean clientGone() {
    return clientGone;
  }

  /** A stop waits for answers, but not for readers that do not read. */
  private Duration flushTime() {
    Duration usual = services.limits().times().flush();
    boolean shorter = services.inFlight().draining() && usual.compareTo(FLUSH_AT_STOP) > 0;
    return shorter ? FLUSH_AT_STOP : usual;
  }

  /**
   * Cuts a reader that does not read, and pings one that hears nothing; from the sweep's thread.
   */
  void sweep(long now, EndPoint connection) {
    long since = writingSince;
    if (since != NOT_WRITING && now - since > flushTime().toNanos()) {
      services.counters().add(Count.SLOW_READERS);
      connection.close(new EofException("does not read"));
      return;
    }
    stream.ifPresent(events -> events.pingIfSilent(now, services.limits().times().ping()));
  }
}
