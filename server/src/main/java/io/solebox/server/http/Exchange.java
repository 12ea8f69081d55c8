package io.solebox.server.http;

import io.solebox.engine.json.JsonSkips;
import io.solebox.server.http.Counters.Count;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** One request and its answer. Owned by the thread that handles it, save where it says else. */
public final class Exchange {
  /** A body longer than this that nobody read is not read to its end; the connection is closed. */
  private static final long MAX_UNREAD_BYTES = 64 << 10;

  private static final Duration FLUSH_AT_STOP = Duration.ofSeconds(2);
  private static final Duration LINGER = Duration.ofSeconds(2);
  private static final int FILE_STEP = 1 << 20;
  private static final int NOT_WRITING = 0;

  /** As nginx calls it when a client goes before it is answered. */
  private static final int NOT_ANSWERED = 499;

  private final Request request;
  private final Response response;
  private final Services services;
  private final RequestHeaders headers;
  private final BodyParts parts;
  private final String path;
  private final RequestNotes notes = new RequestNotes();
  private final Instant begin = Instant.now();
  private final long beginNanos = System.nanoTime();
  private final String id;
  private final Optional<TraceContext> trace;
  private final HandlerDeadline deadline;
  private Optional<Route> route = Optional.empty();
  private Optional<Caller> caller = Optional.empty();
  private Map<String, String> parameters = Map.of();
  private boolean bodyRead;
  private int status = NOT_ANSWERED;
  private long bytes;
  private volatile boolean clientGone;
  private volatile long writingSince = NOT_WRITING;
  private volatile Optional<EventStream> stream = Optional.empty();

  /** What all exchanges of a server share. */
  record Services(HttpLimits limits, BodyReader bodies, InFlight inFlight, Observers observers) {
    Counters counters() {
      return observers.counters();
    }
  }

  Exchange(Request request, Response response, Services services) {
    this.request = request;
    this.response = response;
    this.services = services;
    this.parts = new BodyParts(request);
    this.headers = new RequestHeaders(request.getHeaders());
    this.path = RouteTable.normal(request.getHttpURI());
    this.id = RequestIds.of(request.getHeaders());
    this.trace = services.observers().trace(request.getHeaders());
    this.deadline = new HandlerDeadline(services.limits().requestTime());
  }

  void found(Route its, Map<String, String> values) {
    route = Optional.of(its);
    parameters = values;
  }

  void calledBy(Caller who) {
    caller = Optional.of(who);
  }

  /** Empty where the route is open and no key was looked at. */
  public Optional<Caller> caller() {
    return caller;
  }

  /** What will be told of the request when it is over. */
  public RequestNotes notes() {
    return notes;
  }

  /** By which the answer's header, logs and errors call the request. */
  public String id() {
    return id;
  }

  /** What is known of the request when it is over. */
  RequestSummary summary() {
    return new RequestSummary(
        begin,
        id,
        method(),
        route.map(Route::path).orElse(RequestSummary.OTHER),
        status,
        bytes,
        System.nanoTime() - beginNanos,
        caller,
        clientGone,
        trace,
        notes.told());
  }

  public String method() {
    return request.getMethod();
  }

  /** Without doubled slashes, and without one at the end. */
  public String path() {
    return path;
  }

  /** What stands in the path for a segment of the route, as in {@code {name}}. */
  public String parameter(String name) {
    return parameters.get(name);
  }

  /** A value of the query; the first where a name has several. */
  public Optional<String> query(String name) {
    return Optional.ofNullable(Request.extractQueryParameters(request).getValue(name));
  }

  /**
   * @throws Problem 400 if it appears twice
   */
  public Optional<String> header(String name) {
    return headers.single(name);
  }

  boolean hasHeader(String name) {
    return headers.has(name);
  }

  int localPort() {
    return Request.getLocalPort(request);
  }

  boolean fromLoopback() {
    return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress at
        && at.getAddress().isLoopbackAddress();
  }

  /**
   * Whoever sent it, as far as a connection tells: the machine, or on this machine the connection,
   * since programs in front of others share its address.
   */
  public String client() {
    var at = request.getConnectionMetaData().getRemoteSocketAddress();
    return at instanceof InetSocketAddress remote && !fromLoopback()
        ? remote.getAddress().getHostAddress()
        : String.valueOf(at);
  }

  boolean isHttp10() {
    return request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0;
  }

  /** Makes of a request's body what its handler needs. */
  @FunctionalInterface
  public interface BodyUse<T> {
    T read(Map<String, Object> body) throws InterruptedException;
  }

  /**
   * Reads the body as a JSON object and makes of it what the caller needs. Its memory counts as
   * taken until {@code use} returns.
   *
   * @param skips what is not even parsed
   * @throws Problem 400, 408, 413, 415 or 503
   * @throws ClientGoneException if the body breaks off
   */
  public <T> T readObject(JsonSkips skips, BodyUse<T> use) throws InterruptedException {
    try (BodyBudget.Share share = services.bodies().share()) {
      Map<String, Object> object =
          services.bodies().readObject(parts, headers, maxBodyBytes(), skips, share);
      bodyRead = true;
      return use.read(object);
    }
  }

  private int maxBodyBytes() {
    return route.map(its -> its.limits().maxBodyBytes()).orElse(0);
  }

  /**
   * Reads the body as a form; its file goes to disk as it comes.
   *
   * @param folder where the file goes
   * @throws Problem 400, 408, 413 or 415
   * @throws ClientGoneException if the body breaks off
   */
  public Form readForm(Path folder) throws InterruptedException {
    String type = headers.single("Content-Type").orElse("");
    Form form = FormReader.read(parts, type, folder, maxBodyBytes());
    bodyRead = true;
    return form;
  }

  /** Sets a header of the answer. */
  public void setHeader(String name, String value) {
    response.getHeaders().put(name, value);
  }

  /** Answers whole. */
  public void send(int status, String contentType, byte[] body) {
    begin(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    if (services.inFlight().draining() || isUnreadLong()) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    write(true, body);
  }

  /** Answers with a file. */
  public void sendFile(String contentType, Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      long length = Files.size(file);
      begin(200);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
      for (byte[] part = in.readNBytes(FILE_STEP);
          part.length > 0;
          part = in.readNBytes(FILE_STEP)) {
        write(false, part);
      }
      write(true, new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void begin(int code) {
    services.counters().answered(code); // before anybody can see the answer
    status = code;
    response.setStatus(code);
    trace.ifPresent(context -> setHeader(TraceContext.HEADER, context.header()));
  }

  /** Answers without a body. */
  void sendEmpty(int status) {
    begin(status);
    write(true, new byte[0]);
  }

  /** Answers with a stream; its header is sent at once. */
  public EventStream startStream(EventStream.Framing framing) {
    begin(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, framing.contentType());
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache, no-transform");
    response.getHeaders().put("X-Accel-Buffering", "no"); // proxies like nginx keep nothing back
    EventStream events = new EventStream(this, framing);
    write(false, new byte[0]);
    stream = Optional.of(events);
    return events;
  }

  /**
   * Runs {@code cancel}, in another thread, when nobody waits for the answer any more: the client
   * leaves, the server stops, or the request takes longer than any may. Close the result before the
   * answer's last byte.
   */
  public Registration cancelWith(Runnable cancel) {
    request.addIdleTimeoutListener(_ -> false); // computing is not idle
    Registration atStop = services.inFlight().cancelWith(cancel);
    Registration watch =
        ClientWatch.start(
            request,
            HttpServer.INPUT_BUFFER_BYTES,
            () -> {
              clientGone = true;
              cancel.run();
            });
    Registration late = deadline.cancelWith(cancel);
    return () -> {
      late.close();
      watch.close();
      atStop.close();
    };
  }

  /** Why an answer was cancelled, to be thrown by its handler. */
  public RuntimeException cancelled() {
    if (clientGone) {
      return new ClientGoneException();
    }
    return deadline.passed()
        ? Problem.tooLong(services.limits().requestTime())
        : Problem.draining();
  }

  /** Whether what has no end of its own must end: the server does, or it has taken long enough. */
  public boolean mustEnd() {
    return deadline.passed() || services.inFlight().draining();
  }

  /** Whether the client has left, as far as is known. From any thread. */
  public boolean clientGone() {
    return clientGone;
  }

  /** The handler has returned. */
  void over() {
    deadline.over();
  }

  boolean isCommitted() {
    return response.isCommitted();
  }

  /** Drops what was set for an answer that will be another one. */
  void reset() {
    response.reset();
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

  private boolean isUnreadLong() {
    boolean chunked = headers.has("Transfer-Encoding");
    return !bodyRead && (chunked || request.getLength() > MAX_UNREAD_BYTES);
  }

  /**
   * Reads on past a refused body: most clients look for an answer only when they have sent all, and
   * a connection that is closed before looks to them like a broken one.
   */
  void linger() throws InterruptedException {
    // Who asked whether to send has been told not to.
    if (isUnreadLong() && !headers.has("Expect")) {
      BodyReader.linger(parts, 2L * services.limits().maxBodyBytes(), LINGER);
    }
  }

  /** What carries this exchange alone, as long as HTTP/1.1 is what is spoken. */
  EndPoint endPoint() {
    return request.getConnectionMetaData().getConnection().getEndPoint();
  }

  /** A stop waits for answers, but not for readers that do not read. */
  private Duration flushTime() {
    Duration usual = services.limits().times().flush();
    boolean shorter = services.inFlight().draining() && usual.compareTo(FLUSH_AT_STOP) > 0;
    return shorter ? FLUSH_AT_STOP : usual;
  }

  /** What takes too long or is silent for too long; for the sweep, from its thread. */
  void sweep(long now) {
    deadline.check(now);
    long since = writingSince;
    if (since != NOT_WRITING && now - since > flushTime().toNanos()) {
      services.counters().add(Count.SLOW_READERS);
      endPoint().close(new EofException("does not read"));
      return;
    }
    stream.ifPresent(events -> events.pingIfSilent(now, services.limits().times().ping()));
  }
}
