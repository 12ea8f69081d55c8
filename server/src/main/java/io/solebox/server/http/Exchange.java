package io.solebox.server.http;

import io.solebox.engine.json.JsonSkips;
import io.solebox.server.http.Counters.Count;
import io.solebox.server.limits.Account;
import io.solebox.server.limits.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** One request and its answer. Owned by the thread that handles it, save where it says else. */
public final class Exchange {
  private final Request request;
  private final Services services;
  private final RequestHeaders headers;
  private final RequestBody body;
  private final Peer peer;
  private final AnswerSender sender;
  private final String path;
  private RequestNotes notes = new RequestNotes();
  private final Instant begin = Instant.now();
  private final long beginNanos = System.nanoTime();
  private final String id;
  private final Optional<TraceContext> trace;
  private final HandlerDeadline deadline;
  private Optional<Api> api = Optional.empty();
  private Optional<Route> route = Optional.empty();
  private Optional<Caller> caller = Optional.empty();
  private Map<String, String> parameters = Map.of();

  /** What all exchanges of a server share. */
  record Services(
      HttpLimits limits,
      BodyReader bodies,
      InFlight inFlight,
      Observers observers,
      AuditTrail audit,
      Proxies proxies) {
    Counters counters() {
      return observers.counters();
    }
  }

  Exchange(Request request, Response response, Services services) {
    this.request = request;
    this.services = services;
    this.headers = new RequestHeaders(request.getHeaders());
    this.body = new RequestBody(request, headers);
    this.peer = new Peer(request, services.proxies());
    this.path = RouteTable.normal(request.getHttpURI());
    this.id = RequestIds.of(request.getHeaders());
    this.trace = services.observers().trace(request.getHeaders());
    this.sender = new AnswerSender(response, services, trace);
    this.deadline = new HandlerDeadline(services.limits().requestTime());
  }

  void found(Api itsApi, Route its, Map<String, String> values) {
    api = Optional.of(itsApi);
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

  /** What the caller may use, and has used. */
  public Account account() {
    return caller.map(Caller::account).orElseGet(Account::unlimited);
  }

  /** What the caller may do; nothing where the route is open to everybody. */
  public Rights rights() {
    return caller.map(Caller::rights).orElse(Rights.NONE);
  }

  /**
   * Counts it among the requests of its caller; what is left of the caller's limits stands in the
   * answer's header then.
   *
   * @return to be closed when all is computed
   * @throws Problem 429 if a limit is used up
   */
  public Registration admit() {
    Account account = account();
    LimitHeaders headers = api.map(Api::limits).orElse(LimitHeaders.OPENAI);
    sender.headersWith(() -> headers.of(account.standing(), Instant.now()));
    Optional<Refusal> refusal = account.begin();
    if (refusal.isPresent()) {
      services.counters().add(Count.LIMIT_REFUSED);
      throw Problem.overLimit(refusal.get());
    }
    return account::ended;
  }

  /**
   * Remembers for good that its caller changed something; to be called when that is done, and
   * before it is answered.
   *
   * @param action dotted words, as in {@code model.delete}
   * @param subject what was changed, by its name
   * @throws io.solebox.engine.error.SoleboxException {@code IO_ERROR} if it could not be written
   */
  public void record(String action, String subject, Map<String, String> details) {
    Map<String, String> told = new TreeMap<>(details);
    told.put("address", peer.name());
    services.audit().record(caller, action, subject, told);
  }

  /** What will be told of the request when it is over. */
  public RequestNotes notes() {
    return notes;
  }

  /**
   * Leaves the notes to work that goes on when the request is answered; what will be told of the
   * request itself is its model alone.
   */
  public RequestNotes handOverNotes() {
    RequestNotes handedOver = notes;
    notes = new RequestNotes();
    handedOver.told().model().ifPresent(notes::model);
    return handedOver;
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
        peer.host(),
        method(),
        route.map(Route::path).orElse(RequestSummary.OTHER),
        sender.status(),
        sender.bytes(),
        System.nanoTime() - beginNanos,
        caller,
        sender.clientGone(),
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

  /** As they were sent. */
  String pathAndQuery() {
    return request.getHttpURI().getPathQuery();
  }

  /** What stands in the path for a segment of the route, as in {@code {name}}. */
  public String parameter(String name) {
    return parameters.get(name);
  }

  /**
   * A value of the query.
   *
   * @throws Problem 400 if it appears twice: which one would be meant?
   */
  public Optional<String> query(String name) {
    List<String> values = Request.extractQueryParameters(request).getValuesOrEmpty(name);
    if (values.size() > 1) {
      throw Problem.badRequest(400, "The parameter '" + name + "' appears twice in the query.");
    }
    return values.stream().findFirst();
  }

  /**
   * @throws Problem 400 if it appears twice
   */
  public Optional<String> header(String name) {
    return headers.single(name);
  }

  /**
   * What the client called this server, with its port if it has one; empty where it did not say.
   */
  public String calledHost() {
    return peer.toldHost().or(() -> header("Host")).orElse("");
  }

  boolean hasHeader(String name) {
    return headers.has(name);
  }

  /** Who is at the other end. */
  public Peer peer() {
    return peer;
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
    return body.readObject(services.bodies(), Math.toIntExact(maxBodyBytes()), skips, use);
  }

  private long maxBodyBytes() {
    return route.map(its -> its.limits().maxBodyBytes()).orElse(0L);
  }

  /**
   * Reads the body as a form; its file goes where it is wanted as it comes.
   *
   * @param target where the file goes
   * @throws Problem 400, 408, 413 or 415
   * @throws ClientGoneException if the body breaks off
   */
  public Form readForm(Form.Target target) throws InterruptedException {
    return body.readForm(target, maxBodyBytes());
  }

  /**
   * Writes the body away as it comes, whatever it is.
   *
   * @throws Problem 408 or 413
   * @throws ClientGoneException if the body breaks off
   * @throws IOException of {@code to}
   */
  public void readBytes(WritableByteChannel to) throws InterruptedException, IOException {
    body.readBytes(to, maxBodyBytes());
  }

  /** Sets a header of the answer; of a stream that has begun they are sent. */
  public void setHeader(String name, String value) {
    if (sender.stream().isEmpty()) {
      sender.setHeader(name, value);
    }
  }

  /** Lets a page from elsewhere read the headers of the answer. */
  void exposeHeaders() {
    sender.exposeHeaders();
  }

  /** Answers whole. */
  public void send(int status, String contentType, byte[] answer) {
    boolean close = services.inFlight().draining() || body.isUnreadLong();
    sender.send(status, contentType, answer, close);
  }

  /**
   * Makes the answer a page of ours: the same for everybody, so a browser may keep it as long as it
   * asks whether it is still so.
   */
  public void setPageHeaders() {
    setHeader("Content-Security-Policy", SafeHeaders.PAGE);
    setHeader("Cache-Control", "no-cache");
  }

  /**
   * Answers with what a stream has.
   *
   * @param bytes how many that is
   * @throws IOException from the stream; what was sent is cut short then
   */
  public void sendAll(String contentType, InputStream in, long bytes) throws IOException {
    sender.sendSpan(contentType, in, ByteSpan.whole(bytes), false, method().equals("HEAD"));
  }

  /**
   * Answers with a part of a file.
   *
   * @param wanted empty for all of it
   */
  public void sendFile(String contentType, Path file, Optional<ByteSpan> wanted) {
    sender.sendFile(contentType, file, wanted, method().equals("HEAD"));
  }

  /** Writes what an answer holds. */
  @FunctionalInterface
  public interface Content {
    /**
     * @param out left open
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Answers with something to be saved, which is made while it goes out.
   *
   * @param fileName letters, digits, {@code -} and {@code .}
   */
  public void sendMade(String contentType, String fileName, Content content) {
    setHeader("Content-Disposition", "attachment; filename=\"" + fileName + "\"");
    try {
      sender.sendMade(contentType, content, method().equals("HEAD"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers without a body. */
  void sendEmpty(int status) {
    sender.sendEmpty(status);
  }

  /**
   * Answers with a stream; its header is sent at once. A stream that was begun before, while the
   * model was loaded, goes on.
   */
  public EventStream startStream(EventStream.Framing framing) {
    return sender.startStream(framing);
  }

  /** The stream that has been begun, if one has. */
  public Optional<EventStream> stream() {
    return sender.stream();
  }

  /** How long a stream is silent before it gets a ping. */
  public Duration pingTime() {
    return services.limits().times().ping();
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
              sender.lost();
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
    if (sender.clientGone()) {
      return new ClientGoneException();
    }
    return deadline.passed()
        ? Problem.tooLong(services.limits().requestTime())
        : Problem.draining();
  }

  /** Whether it was ended because it took longer than any may, and its client still waits. */
  boolean tookTooLong() {
    return deadline.passed() && !clientGone();
  }

  /** Whether what has no end of its own must end: the server does, or it has taken long enough. */
  public boolean mustEnd() {
    return deadline.passed() || services.inFlight().draining();
  }

  /** Whether the client has left, as far as is known. From any thread. */
  public boolean clientGone() {
    return sender.clientGone();
  }

  /** The handler has returned. */
  void over() {
    deadline.over();
  }

  boolean isCommitted() {
    return sender.isCommitted();
  }

  /** Reads on past a refused body, as {@link RequestBody#linger}. */
  void linger() throws InterruptedException {
    body.linger(2L * services.limits().maxBodyBytes());
  }

  /** What takes too long or is silent for too long; for the sweep, from its thread. */
  void sweep(long now) {
    deadline.check(now);
    sender.sweep(now, peer.endPoint());
  }
}
