package io.solebox.server.http;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/** The other end of a request's connection, as far as the connection tells. */
public final class Peer {
  private final Request request;

  Peer(Request request) {
    this.request = request;
  }

  /** The port of ours that it called. */
  int localPort() {
    return Request.getLocalPort(request);
  }

  private SocketAddress address() {
    return request.getConnectionMetaData().getRemoteSocketAddress();
  }

  /** Whether it is on this machine. */
  public boolean onLoopback() {
    return address() instanceof InetSocketAddress at && at.getAddress().isLoopbackAddress();
  }

  /**
   * By which it is told from others: the machine, or on this machine the connection, since programs
   * in front of others share its address.
   */
  public String name() {
    return address() instanceof InetSocketAddress remote && !onLoopback()
        ? remote.getAddress().getHostAddress()
        : String.valueOf(address());
  }

  /** The machine's address, as in {@code 192.168.1.5}. */
  public String host() {
    return address() instanceof InetSocketAddress remote
        ? remote.getAddress().getHostAddress()
        : String.valueOf(address());
  }

  /** Whether the connection is. */
  boolean encrypted() {
    return endPoint().getSslSessionData() != null;
  }

  /** Whether nobody between can read along: by TLS, or TLS of a proxy on this machine. */
  public boolean confidential() {
    return encrypted()
        || (onLoopback()
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
