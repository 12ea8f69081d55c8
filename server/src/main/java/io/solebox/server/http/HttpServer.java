package io.solebox.server.http;

import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.ModelRegistry;
import io.solebox.server.ServerConfig;
import io.solebox.server.openai.Models;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Helidon's web server, set up in code alone and without what it would find by itself. */
public final class HttpServer {
  private static final Duration GRACE = Duration.ofMillis(500);

  /** Kept, because a logger that nobody keeps forgets its level. */
  private final Logger helidonLog = Logger.getLogger("io.helidon");

  private final InFlight inFlight = new InFlight();
  private final WebServer helidon;

  /**
   * @param isKey empty where no key is required
   * @param log takes our own errors, with their traces
   */
  public HttpServer(
      ServerConfig config,
      boolean loopback,
      Optional<Predicate<String>> isKey,
      ModelRegistry registry,
      PrintStream log) {
    helidonLog.setLevel(Level.WARNING);
    JsonWriter json = new JsonWriter();
    Errors errors = new Errors(json, log);
    Routes routes =
        new Routes(
            json,
            Clock.system(ZoneId.systemDefault()),
            new Bodies(config.maxBodyBytes()),
            new Answers(inFlight, errors),
            inFlight,
            new Models(registry));
    KnownHosts hosts = new KnownHosts(config.host(), loopback, config.allowedHosts());
    HttpRouting.Builder routing = HttpRouting.builder();
    routing.addFilter(new Gate(hosts, isKey, inFlight));
    routes.register(routing);
    errors.register(routing);
    helidon = helidon(config, routing, errors);
  }

  private static WebServer helidon(
      ServerConfig config, HttpRouting.Builder routing, Errors errors) {
    return WebServer.builder()
        .host(config.host())
        .port(config.port())
        .shutdownHook(false)
        .shutdownGracePeriod(GRACE)
        .featuresDiscoverServices(false)
        .protocolsDiscoverServices(false)
        .contentEncoding(
            ContentEncodingContext.builder().contentEncodingsDiscoverServices(false).build())
        .addConnectionSelector(
            new WatchedConnections(
                Http1ConnectionSelector.builder().config(Http1Config.create()).build()))
        .directHandlers(errors.directHandlers())
        .routing(routing)
        .build();
  }

  /** Whether it listens now. */
  public boolean start() {
    return helidon.start().isRunning();
  }

  public int port() {
    return helidon.port();
  }

  /** Refuses new requests, waits for the running ones at most {@code limit}, then ends them. */
  public void drain(Duration limit) throws InterruptedException {
    inFlight.drain(limit);
    inFlight.cancel();
  }

  /** Ends running answers and stops listening. */
  public void stop() throws InterruptedException {
    inFlight.cancel();
    helidon.stop();
  }
}
