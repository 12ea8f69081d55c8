package io.solebox.server.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/** By what people tell certificates apart: SHA-256 of all of one, written as browsers show it. */
public final class Fingerprint {
  private Fingerprint() {}

  /** As in {@code 3A:0F:...}, 32 bytes. */
  public static String of(X509Certificate certificate) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
    } catch (CertificateEncodingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // it was decoded, and every JDK has SHA-256
    }
  }
}
