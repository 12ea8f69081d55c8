package io.solebox.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Clients that hold a server to its certificate, as browsers do. */
final class TlsClient {
  private TlsClient() {}

  /** One that trusts the box's own authority. */
  static RawClient connect(SoleboxServer server, int receiveBuffer) throws IOException {
    X509Certificate authority = server.tls().orElseThrow().authority().orElseThrow();
    return connect(server.port(), context(authority, new KeyManager[0]), receiveBuffer);
  }

  static RawClient connect(int port, SSLContext context, int receiveBuffer) throws IOException {
    Socket plain = new Socket();
    if (receiveBuffer > 0) {
      plain.setReceiveBufferSize(receiveBuffer);
    }
    plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    plain.setTcpNoDelay(true);
    plain.setSoTimeout(20_000);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return new RawClient("127.0.0.1:" + port, socket, plain);
  }

  static SSLContext context(X509Certificate authority, KeyManager[] keys) {
    return context(List.of(authority), keys);
  }

  static SSLContext context(List<X509Certificate> trusted, KeyManager[] keys) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (X509Certificate each : trusted) {
        store.setCertificateEntry(each.getSerialNumber().toString(), each);
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }
}
