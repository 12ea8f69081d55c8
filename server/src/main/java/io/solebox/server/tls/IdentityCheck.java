package io.solebox.server.tls;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** What of a person's certificate would make every client refuse it, found before one calls. */
final class IdentityCheck {
  private IdentityCheck() {}

  /**
   * @param place where the certificate is from
   * @throws SoleboxException if the key is another's, a certificate is not valid now, or the chain
   *     is not in order
   */
  static void check(Identity identity, Path place, Instant now) {
    if (!Keys.fit(identity.key(), identity.leaf().getPublicKey())) {
      throw bad(
          place,
          "The key is not that of its first certificate, '%s'.".formatted(subject(identity.leaf())),
          "Give the key that belongs to it; the server's own certificate comes first in the file.");
    }
    List<X509Certificate> chain = identity.chain();
    for (int i = 0; i < chain.size(); i++) {
      checkTime(chain.get(i), place, now);
      if (i + 1 < chain.size() && !signed(chain.get(i), chain.get(i + 1))) {
        throw bad(
            place,
            "'%s' is not signed by '%s', which comes behind it."
                .formatted(subject(chain.get(i)), subject(chain.get(i + 1))),
            "Put them in order: the server's certificate, then each one's signer.");
      }
    }
  }

  private static void checkTime(X509Certificate each, Path place, Instant now) {
    Instant begin = each.getNotBefore().toInstant();
    Instant end = each.getNotAfter().toInstant();
    if (now.isBefore(begin)) {
      throw bad(
          place,
          "'%s' is valid from %s on, and it is %s.".formatted(subject(each), begin, now),
          "Wait until then, or look whether this machine's clock is right.");
    }
    if (now.isAfter(end)) {
      throw bad(
          place,
          "'%s' has expired on %s.".formatted(subject(each), end),
          "Get a new certificate, or look whether this machine's clock is right.");
    }
  }

  private static boolean signed(X509Certificate each, X509Certificate by) {
    try {
      each.verify(by.getPublicKey());
      return each.getIssuerX500Principal().equals(by.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String subject(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }

  private static SoleboxException bad(Path place, String what, String remedy) {
    return new SoleboxException(ErrorCode.INVALID_PARAMETER, place.toString(), what, remedy);
  }
}
