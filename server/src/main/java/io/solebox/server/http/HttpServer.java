package io.solebox.server.http;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty's server, set up in code alone: HTTP/1.1, a virtual thread per request. */
public final class HttpServer {
  /** What a connection reads at once, and keeps of what a client sends ahead. */
  static final int INPUT_BUFFER_BYTES = 16 << 10;

  /** Of the platform, for accepting and selecting; requests run on virtual ones. */
  private static final int THREADS = 8;

  /** Kept, because a logger that nobody keeps forgets what it was told. */
  private final Logger jettyLog;

  private final InFlight inFlight;
  private final Counters counters;
  private final BodyBudget bodies;
  private final Set<Exchange> live = ConcurrentHashMap.newKeySet();
  private final Server jetty;
  private final ServerConnector connector;
  private final Sweeper sweeper;

  /**
   * Starts to listen.
   *
   * @param apis the routes; the first family also words what goes wrong at none
   * @param audit remembers what callers change
   * @param log takes our own errors, with their traces
   * @throws IOException if the address cannot be used
   */
  public HttpServer(
      InetSocketAddress address,
      HttpLimits limits,
      Gate gate,
      List<Api> apis,
      InFlight inFlight,
      Observers observers,
      AuditTrail audit,
      PrintStream log)
      throws IOException {
    this.inFlight = inFlight;
    this.counters = observers.counters();
    jettyLog = JettyLog.redirect(log);
    bodies = new BodyBudget(limits.maxBytesInFlight(), counters);
    Exchange.Services services =
        new Exchange.Services(
            limits, new BodyReader(limits, bodies, counters), inFlight, observers, audit);
    Faults faults = new Faults(log);
    RouteTable routes = new RouteTable(apis);
    jetty = new Server(threads());
    connector = connector(address, limits);
    jetty.addConnector(connector);
    jetty.addBean(new NetworkConnectionLimit(limits.maxConnections(), jetty));
    jetty.setErrorHandler(new JettyErrors(routes.firstApi().problems(), counters));
    jetty.setHandler(new Dispatcher(routes, gate, services, live, faults));
    start();
    sweeper = new Sweeper(limits.times(), live, connector::getConnectedEndPoints, counters, faults);
  }

  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, THREADS);
    threads.setName("http");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
    return threads;
  }

  /**
   * One protocol; TLS and HTTP/2 will come as further factories here, and as a second connector.
   */
  private ServerConnector connector(InetSocketAddress address, HttpLimits limits) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setHeaderCacheSize(0); // it is 100 kB a connection
    http.setRequestHeaderSize(limits.maxHeaderBytes());
    http.setHttpCompliance(
        HttpCompliance.RFC9110.without(
            "SOLEBOX",
            HttpCompliance.Violation.LF_HEADER_TERMINATION,
            HttpCompliance.Violation.LF_CHUNK_TERMINATION));
    http.setUriCompliance(
        UriCompliance.DEFAULT.with(
            "SOLEBOX",
            UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT, // doubled slashes in base URLs
            UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR, // slashes in names of models
            UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING)); // and per cent signs
    HttpConnectionFactory http1 = new HttpConnectionFactory(http);
    http1.setInputBufferSize(INPUT_BUFFER_BYTES);
    ServerConnector connector = new ServerConnector(jetty, 1, 1, http1);
    connector.setHost(address.getAddress().getHostAddress());
    connector.setPort(address.getPort());
    connector.setIdleTimeout(limits.times().idle().toMillis());
    connector.setAcceptQueueSize(512);
    return connector;
  }

  private void start() throws IOException {
    try {
      connector.open();
      jetty.start();
    } catch (IOException e) {
      connector.close();
      throw e;
    } catch (Exception e) {
      connector.close();
      throw new IllegalStateException(e);
    }
  }

  public int port() {
    return connector.getLocalPort();
  }

  /** What has happened since the start, and what is open now, by name. */
  public Map<String, Long> counters() {
    Map<String, Long> all = counters.totals();
    all.put("connections", (long) connector.getConnectedEndPoints().size());
    all.put("body_bytes", bodies.taken());
    return all;
  }

  /** Refuses new requests, waits for the running ones at most {@code limit}, then ends them. */
  public void drain(Duration limit) throws InterruptedException {
    inFlight.drain(limit);
    inFlight.cancel();
  }

  /** Ends running answers and stops listening. */
  public void stop() throws InterruptedException {
    inFlight.cancel();
    sweeper.close();
    try {
      jetty.stop();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
