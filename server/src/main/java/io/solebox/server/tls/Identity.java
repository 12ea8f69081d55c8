package io.solebox.server.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * As whom a server speaks.
 *
 * @param key that fits the first certificate
 * @param chain the server's own certificate, and those above it, each signed by the next
 */
record Identity(PrivateKey key, List<X509Certificate> chain) {
  Identity {
    chain = List.copyOf(chain);
  }

  X509Certificate leaf() {
    return chain.getFirst();
  }
}
