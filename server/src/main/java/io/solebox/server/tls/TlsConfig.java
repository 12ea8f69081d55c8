package io.solebox.server.tls;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a server speaks TLS.
 *
 * @param certificate whose certificate it shows
 * @param clients whose certificates let clients in; empty where it asks for none
 * @param redirectPort a further port, without TLS, that sends people on to the other; 0 takes a
 *     free one
 * @param pause between two looks at what may have changed: files, names, time
 */
public record TlsConfig(
    Certificate certificate, Optional<Clients> clients, OptionalInt redirectPort, Duration pause) {
  private static final Duration USUAL_PAUSE = Duration.ofSeconds(10);

  /** Whose certificate a server shows. */
  public sealed interface Certificate {
    /**
     * Of an authority that the box makes for itself.
     *
     * @param folder where the box keeps both
     */
    record Own(Path folder) implements Certificate {}

    /**
     * Of files as authorities hand them out.
     *
     * @param chain PEM: the server's certificate, then those above it
     * @param key PEM
     * @param passFile whose first line opens the key; empty for one that is open
     */
    record PemFiles(Path chain, Path key, Optional<Path> passFile) implements Certificate {}

    /**
     * Of one file with all of it.
     *
     * @param passFile whose first line opens it
     */
    record Pkcs12(Path file, Path passFile) implements Certificate {}
  }

  /**
   * Clients that show a certificate.
   *
   * @param authorities PEM: who signs them
   * @param required whether nobody gets in without one
   */
  public record Clients(Path authorities, boolean required) {}

  /** One that asks clients for nothing. */
  public static TlsConfig of(Certificate certificate) {
    return new TlsConfig(certificate, Optional.empty(), OptionalInt.empty(), USUAL_PAUSE);
  }

  public TlsConfig withClients(Clients value) {
    return new TlsConfig(certificate, Optional.of(value), redirectPort, pause);
  }

  public TlsConfig withRedirectPort(int value) {
    return new TlsConfig(certificate, clients, OptionalInt.of(value), pause);
  }

  /** For tests, which have no time to lose. */
  public TlsConfig withPause(Duration value) {
    return new TlsConfig(certificate, clients, redirectPort, value);
  }
}
