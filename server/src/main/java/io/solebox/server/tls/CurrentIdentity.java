package io.solebox.server.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * The identity that handshakes use, which can be replaced while connections go on. A handshake asks
 * for an alias first and for what is behind it later, so the one before stays known. Safe for many
 * threads.
 */
final class CurrentIdentity extends X509ExtendedKeyManager {
  private record Named(String alias, Identity identity) {}

  /** The current one, and the one before it. */
  private volatile List<Named> known;

  private long replaced; // by its owner's thread alone

  CurrentIdentity(Identity first) {
    known = List.of(new Named("0", first));
  }

  Identity get() {
    return known.getFirst().identity();
  }

  /** From the next handshake on. */
  void replace(Identity next) {
    replaced++;
    known = List.of(new Named(Long.toString(replaced), next), known.getFirst());
  }

  @Override
  public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
    Named now = known.getFirst();
    return now.identity().leaf().getPublicKey().getAlgorithm().equals(keyType) ? now.alias() : null;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return named(alias)
        .map(id -> id.chain().toArray(X509Certificate[]::new))
        .findFirst()
        .orElse(null);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return named(alias).map(Identity::key).findFirst().orElse(null);
  }

  private Stream<Identity> named(String alias) {
    return known.stream().filter(each -> each.alias().equals(alias)).map(Named::identity);
  }

  @Override
  public String[] getServerAliases(String keyType, Principal[] issuers) {
    return known.stream().map(Named::alias).toArray(String[]::new);
  }

  @Override
  public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    return chooseEngineServerAlias(keyType, issuers, null);
  }

  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    return null; // it is a server's, and this is how the JDK wants to hear it
  }

  @Override
  public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
    return null;
  }
}
