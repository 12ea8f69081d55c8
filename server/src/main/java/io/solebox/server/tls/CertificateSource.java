package io.solebox.server.tls;

import java.time.Instant;
import java.util.Optional;

/** Where a server's certificate comes from. Used by one thread at a time. */
sealed interface CertificateSource permits OwnCertificates, GivenCertificates {
  /**
   * The one to begin with.
   *
   * @throws io.solebox.engine.error.SoleboxException if there is none that can be used
   */
  Identity first(Instant now);

  /**
   * The one that should take the place of {@code current}; empty where that may stay.
   *
   * @throws io.solebox.engine.error.SoleboxException if there should be one and cannot be, once for
   *     each reason
   */
  Optional<Identity> next(Identity current, Instant now);
}
