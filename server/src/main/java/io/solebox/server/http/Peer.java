package io.solebox.server.http;

import io.solebox.server.tls.ClientNames;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/**
 * The other end of a request: that of its connection, or who stands behind it where a proxy that is
 * trusted tells.
 */
public final class Peer {
  private final Request request;
  private final boolean anyProxy;
  private final Optional<Forwarded> read;
  private final Forwarded told;

  Peer(Request request, Proxies proxies) {
    this.request = request;
    this.anyProxy = !proxies.isEmpty();
    this.read =
        connected().filter(at -> proxies.trusts(at.getAddress())).isPresent()
            ? Forwarded.of(request.getHeaders(), proxies)
            : Optional.of(Forwarded.NOTHING);
    this.told = read.orElse(Forwarded.NOTHING);
  }

  /**
   * @throws Problem 400 where a proxy tells two things of who calls
   */
  void requireClear() {
    if (read.isEmpty()) {
      throw Problem.of(
          400,
          "ambiguous_forwarding",
          "The headers Forwarded and X-Forwarded-... tell different things. Let the proxy remove"
              + " the one that it does not set.");
    }
  }

  /** The port of ours that it called. */
  int localPort() {
    return Request.getLocalPort(request);
  }

  private SocketAddress address() {
    return request.getConnectionMetaData().getRemoteSocketAddress();
  }

  private Optional<InetSocketAddress> connected() {
    return address() instanceof InetSocketAddress at ? Optional.of(at) : Optional.empty();
  }

  private Optional<InetAddress> client() {
    return told.client().or(() -> connected().map(InetSocketAddress::getAddress));
  }

  /** Whether it is on this machine. */
  public boolean onLoopback() {
    return client().filter(InetAddress::isLoopbackAddress).isPresent();
  }

  /**
   * By which it is told from others: the machine, or on this machine the connection, since programs
   * in front of others share its address.
   */
  public String name() {
    return onLoopback() ? String.valueOf(address()) : host();
  }

  /** The machine's address, as in {@code 192.168.1.5}. */
  public String host() {
    return client().map(InetAddress::getHostAddress).orElseGet(() -> String.valueOf(address()));
  }

  /** The name by which it called this server, where a proxy tells. */
  Optional<String> toldHost() {
    return told.host();
  }

  /** Whether the connection is. */
  boolean encrypted() {
    return endPoint().getSslSessionData() != null;
  }

  /** The names in the certificate that it showed; empty where it showed none. */
  Optional<List<String>> certificate() {
    EndPoint.SslSessionData session = endPoint().getSslSessionData();
    return session == null || session.peerCertificates() == null
        ? Optional.empty()
        : Optional.of(ClientNames.of(session.peerCertificates()[0]));
  }

  /** Whether nobody between can read along: by TLS, or TLS of a proxy in front. */
  public boolean confidential() {
    if (told.proto().isPresent()) {
      return told.proto().get().equals("https");
    }
    // Where no proxy is named, one on this machine is believed that much.
    return encrypted()
        || (!anyProxy
            && onLoopback()
            && "https".equalsIgnoreCase(request.getHeaders().get("X-Forwarded-Proto")));
  }

  boolean speaksHttp10() {
    return request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0;
  }

  /** What carries this exchange alone, as long as HTTP/1.1 is what is spoken. */
  EndPoint endPoint() {
    return request.getConnectionMetaData().getConnection().getEndPoint();
  }
}
