package io.solebox.server.tls;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** A key and its certificates in one file (RFC 7292). */
final class Pkcs12File {
  private Pkcs12File() {}

  /**
   * @throws SoleboxException if it cannot be read or opened, or does not hold one key
   */
  static Identity read(Path file, char[] pass) {
    byte[] bytes = OwnerFiles.read(file);
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(bytes), pass);
      List<String> keys = new ArrayList<>();
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)) {
          keys.add(alias);
        }
      }
      if (keys.size() != 1) {
        throw bad(file, "It holds " + keys.size() + " keys, and one is needed.", null);
      }
      List<X509Certificate> chain =
          Stream.of(store.getCertificateChain(keys.getFirst()))
              .map(X509Certificate.class::cast)
              .toList();
      return store.getKey(keys.getFirst(), pass) instanceof PrivateKey key
          ? new Identity(key, chain)
          : fail(file);
    } catch (IOException | GeneralSecurityException e) {
      throw bad(file, "It is no PKCS#12 file, or its pass phrase is another.", e);
    }
  }

  private static Identity fail(Path file) {
    throw bad(file, "Its key is no private key.", null);
  }

  private static SoleboxException bad(Path file, String what, Exception why) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        file.toString(),
        what,
        "Make it anew: openssl pkcs12 -export -inkey KEY -in CHAIN -out FILE",
        why);
  }
}
