package io.solebox.store.pull.http;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Who may sign certificates of servers beside those whom this Java trusts: names, dates and bounds
 * of certificates count as ever.
 *
 * @param certificates of them
 */
public record Authority(List<X509Certificate> certificates) {
  private static final String PKIX = "PKIX";
  private static final String NAME_IT =
      "Name a file with the authority's certificate (PEM); another Solebox offers its own at"
          + " https://HOST:PORT/tls.";

  public Authority {
    certificates = List.copyOf(certificates);
  }

  /**
   * Those of a file.
   *
   * @param file PEM or DER
   * @throws SoleboxException {@code INVALID_PARAMETER} if there is none in it, {@code IO_ERROR}
   */
  public static Authority of(Path file) {
    List<X509Certificate> found = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        if (each instanceof X509Certificate certificate) {
          found.add(certificate);
        }
      }
    } catch (CertificateException e) {
      found.clear(); // the same as where there is none
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "It cannot be read: " + e.getMessage() + ".",
          NAME_IT,
          e);
    }
    if (found.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER, file.toString(), "There is no certificate in it.", NAME_IT);
    }
    return new Authority(found);
  }

  /** Whether a connection failed since nobody whom it trusts has signed the certificate. */
  static boolean isMissing(IOException e) {
    return Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause)
        .anyMatch(CertificateException.class::isInstance);
  }

  /**
   * @param place what was asked, without secrets
   */
  static SoleboxException missing(String place, IOException cause) {
    return new SoleboxException(
        ErrorCode.ACCESS_DENIED,
        place,
        "The certificate that is shown there is not trusted: " + cause.getMessage() + ".",
        "If it is another Solebox, give the authority that its page /tls offers with --ca FILE.",
        cause);
  }

  /** For connections that trust these, too. */
  public SSLContext context() {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      List<X509Certificate> all = new ArrayList<>(certificates);
      TrustManagerFactory usual = TrustManagerFactory.getInstance(PKIX);
      usual.init((KeyStore) null);
      for (TrustManager each : usual.getTrustManagers()) {
        if (each instanceof X509TrustManager manager) {
          all.addAll(List.of(manager.getAcceptedIssuers()));
        }
      }
      for (int i = 0; i < all.size(); i++) {
        trusted.setCertificateEntry("authority-" + i, all.get(i));
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance(PKIX);
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e); // certificates that were decoded, in memory
    }
  }
}
