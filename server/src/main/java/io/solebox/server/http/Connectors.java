package io.solebox.server.http;

import io.solebox.server.tls.Tls;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLParameters;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Where Jetty listens. HTTP/1.1 alone is spoken, on TLS where there is a certificate; HTTP/2 will
 * come as a further factory here. Who speaks without TLS where it is spoken is understood, so that
 * it can be told.
 */
final class Connectors {
  private static final String PROTOCOL = "http/1.1";

  private final ServerConnector main;
  private final List<ServerConnector> all = new ArrayList<>();

  Connectors(Server jetty, Listening listening, HttpLimits limits) {
    main =
        listening
            .tls()
            .map(tls -> secure(jetty, tls, limits))
            .orElseGet(() -> new ServerConnector(jetty, 1, 1, http(limits)));
    add(main, listening, listening.address().getPort(), limits);
    listening
        .redirectPort()
        .ifPresent(
            port -> add(new ServerConnector(jetty, 1, 1, http(limits)), listening, port, limits));
  }

  private void add(ServerConnector connector, Listening listening, int port, HttpLimits limits) {
    connector.setHost(listening.address().getAddress().getHostAddress());
    connector.setPort(port);
    connector.setIdleTimeout(limits.times().idle().toMillis());
    connector.setAcceptQueueSize(512);
    all.add(connector);
  }

  private static ServerConnector secure(Server jetty, Tls tls, HttpLimits limits) {
    SslConnectionFactory encrypted = new SslConnectionFactory(new Handshakes(tls), PROTOCOL);
    return new ServerConnector(jetty, 1, 1, new DetectorConnectionFactory(encrypted), http(limits));
  }

  /** What handshakes agree on. */
  private static final class Handshakes extends SslContextFactory.Server {
    Handshakes(Tls tls) {
      setSslContext(tls.context());
      setIncludeProtocols(Tls.PROTOCOLS.toArray(String[]::new));
      setExcludeCipherSuites(); // the next line names all that there are
      setIncludeCipherSuites(Tls.SUITES.toArray(String[]::new));
      setUseCipherSuitesOrder(true);
      setRenegotiationAllowed(false);
      setWantClientAuth(tls.asksClients() && !tls.requiresClients());
      setNeedClientAuth(tls.requiresClients());
    }

    @Override
    public SSLParameters customize(SSLParameters parameters) {
      SSLParameters own = super.customize(parameters);
      own.setApplicationProtocols(new String[] {PROTOCOL});
      return own;
    }
  }

  private static HttpConnectionFactory http(HttpLimits limits) {
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
    http1.setInputBufferSize(HttpServer.INPUT_BUFFER_BYTES);
    return http1;
  }

  List<ServerConnector> all() {
    return all;
  }

  /** The port of the one that answers. */
  int port() {
    return main.getLocalPort();
  }

  /** All connections that are open. */
  Collection<EndPoint> connected() {
    List<EndPoint> open = new ArrayList<>();
    all.forEach(each -> open.addAll(each.getConnectedEndPoints()));
    return open;
  }
}
