package io.solebox.server.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Who may sign certificates of clients: the authorities of a file, looked at again when it changes.
 * Safe for many threads.
 */
final class ClientTrust extends X509ExtendedTrustManager {
  private final Path file;
  private volatile X509ExtendedTrustManager now;
  private FileStamp lastStamp; // the keeper's

  /**
   * @throws io.solebox.engine.error.SoleboxException if the file has none
   */
  ClientTrust(Path file) {
    this.file = file;
    lastStamp = FileStamp.of(List.of(file));
    now = read();
  }

  /** Looks whether the file has changed, and says so. */
  Optional<String> look() {
    FileStamp stamp = FileStamp.of(List.of(file));
    if (stamp.equals(lastStamp)) {
      return Optional.empty();
    }
    lastStamp = stamp;
    now = read();
    return Optional.of("Who signs certificates of clients was read again from " + file + ".");
  }

  private X509ExtendedTrustManager read() {
    List<X509Certificate> authorities = Pem.certificates(file);
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < authorities.size(); i++) {
        store.setCertificateEntry("authority-" + i, authorities.get(i));
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      for (TrustManager each : factory.getTrustManagers()) {
        if (each instanceof X509ExtendedTrustManager manager) {
          return manager;
        }
      }
      throw new IllegalStateException("no PKIX");
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e); // certificates that were decoded, in memory
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    now.checkClientTrusted(chain, type, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    now.checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    now.checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return now.getAcceptedIssuers();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw noServer();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw noServer();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw noServer();
  }

  private static CertificateException noServer() {
    return new CertificateException("These are authorities of clients.");
  }
}
