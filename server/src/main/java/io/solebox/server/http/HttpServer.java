package io.solebox.server.http;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
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
  private final Connectors connectors;
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
      Listening listening,
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
            limits,
            new BodyReader(limits, bodies, counters),
            inFlight,
            observers,
            audit,
            listening.proxies());
    Faults faults = new Faults(log);
    RouteTable routes = new RouteTable(apis);
    jetty = new Server(threads());
    connectors = new Connectors(jetty, listening, limits);
    connectors.all().forEach(jetty::addConnector);
    jetty.addBean(new NetworkConnectionLimit(limits.maxConnections(), jetty));
    jetty.setErrorHandler(new JettyErrors(routes.firstApi().problems(), counters));
    Optional<EncryptedOnly> encryption =
        listening.tls().map(tls -> new EncryptedOnly(tls, gate.hosts(), connectors::port));
    jetty.setHandler(new Dispatcher(routes, gate, encryption, services, live, faults));
    start();
    sweeper = new Sweeper(limits.times(), live, connectors::connected, counters, faults);
  }

  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, THREADS);
    threads.setName("http");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
    return threads;
  }

  private void start() throws IOException {
    try {
      for (ServerConnector connector : connectors.all()) {
        connector.open();
      }
      jetty.start();
    } catch (IOException e) {
      connectors.all().forEach(ServerConnector::close);
      throw e;
    } catch (Exception e) {
      connectors.all().forEach(ServerConnector::close);
      throw new IllegalStateException(e);
    }
  }

  public int port() {
    return connectors.port();
  }

  /** What has happened since the start, and what is open now, by name. */
  public Map<String, Long> counters() {
    Map<String, Long> all = counters.totals();
    all.put("connections", (long) connectors.connected().size());
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
