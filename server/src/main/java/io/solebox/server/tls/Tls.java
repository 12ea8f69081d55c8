package io.solebox.server.tls;

import io.solebox.engine.error.SoleboxException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * What a server needs to speak TLS, kept up to date by a thread of its own until it is closed: the
 * certificate that it shows, and whom it takes for its clients' authorities.
 */
public final class Tls implements AutoCloseable {
  /** The versions that are spoken (RFC 8446, RFC 5246; those before are withdrawn, RFC 8996). */
  public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  /** With forward secrecy and authenticated encryption, as OWASP ASVS 5.0 (12.1.2) wants them. */
  public static final List<String> SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private final TlsConfig config;
  private final CertificateSource source;
  private final CurrentIdentity identity;
  private final Optional<ClientTrust> clients;
  private final Consumer<String> notes;
  private final SSLContext context;
  private final Thread keeper;

  private Tls(TlsConfig config, CertificateSource source, Consumer<String> notes) {
    this.config = config;
    this.source = source;
    this.notes = notes;
    identity = new CurrentIdentity(source.first(Instant.now()));
    clients = config.clients().map(each -> new ClientTrust(each.authorities()));
    context = made();
    keeper = Thread.ofPlatform().daemon().name("tls-keeper").start(this::keep);
  }

  /**
   * @param bound what the server listens on
   * @param host the same as it was written
   * @param further names by which it is called
   * @param notes takes lines for whoever runs the server
   * @throws SoleboxException if there is no certificate that can be used
   */
  public static Tls open(
      TlsConfig config,
      InetAddress bound,
      String host,
      List<String> further,
      Consumer<String> notes) {
    Supplier<BoxNames> names = () -> BoxNames.now(bound, host, further);
    CertificateSource source =
        switch (config.certificate()) {
          case TlsConfig.Certificate.Own own -> new OwnCertificates(own.folder(), names, notes);
          case TlsConfig.Certificate.PemFiles files -> new GivenCertificates(files, names, notes);
          case TlsConfig.Certificate.Pkcs12 file -> new GivenCertificates(file, names, notes);
        };
    return new Tls(config, source, notes);
  }

  private SSLContext made() {
    try {
      SSLContext fresh = SSLContext.getInstance("TLS");
      fresh.init(
          new KeyManager[] {identity},
          clients.map(each -> new TrustManager[] {each}).orElse(new TrustManager[0]),
          null);
      fresh.getServerSessionContext().setSessionTimeout((int) sessionTime().toSeconds());
      return fresh;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  private void keep() {
    try {
      while (true) {
        Thread.sleep(config.pause());
        look(() -> source.next(identity.get(), Instant.now()).ifPresent(this::show));
        clients.ifPresent(each -> look(() -> each.look().ifPresent(notes)));
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  private void show(Identity next) {
    identity.replace(next);
    notes.accept(
        "The server shows another certificate from now on: %s, good until %s."
            .formatted(Fingerprint.of(next.leaf()), next.leaf().getNotAfter().toInstant()));
  }

  /** What goes wrong is said, and what was there stays. */
  private void look(Runnable work) {
    try {
      work.run();
    } catch (SoleboxException e) {
      notes.accept("The certificate stays as it is. " + e.describe());
    } catch (RuntimeException e) {
      notes.accept("The certificate stays as it is, by an error in Solebox itself: " + e);
    }
  }

  /** For handshakes; what it shows changes by itself. */
  public SSLContext context() {
    return context;
  }

  /** The box's own authority, where it has one: what people are to trust. */
  public Optional<X509Certificate> authority() {
    return switch (config.certificate()) {
      case TlsConfig.Certificate.Own _ -> Optional.of(identity.get().chain().getLast());
      case TlsConfig.Certificate.PemFiles _, TlsConfig.Certificate.Pkcs12 _ -> Optional.empty();
    };
  }

  /** A certificate as text. */
  public static String pem(X509Certificate certificate) {
    return Pem.of(certificate);
  }

  /** The certificate that the server shows. */
  public X509Certificate certificate() {
    return identity.get().leaf();
  }

  /**
   * Whether browsers trust it without being told to by their owners, as far as can be seen from
   * here: only then may they be told never to come without TLS.
   */
  public boolean trustedByBrowsers() {
    X509Certificate leaf = certificate();
    return authority().isEmpty()
        && !leaf.getIssuerX500Principal().equals(leaf.getSubjectX500Principal());
  }

  /** Whether clients are asked for certificates. */
  public boolean asksClients() {
    return clients.isPresent();
  }

  /** Whether no client gets in without one. */
  public boolean requiresClients() {
    return config.clients().filter(TlsConfig.Clients::required).isPresent();
  }

  /** How long a session can be resumed; that a client may not come in any more is noticed then. */
  private Duration sessionTime() {
    return asksClients() ? Duration.ofMinutes(5) : Duration.ofHours(4);
  }

  @Override
  public void close() {
    keeper.interrupt();
  }
}
