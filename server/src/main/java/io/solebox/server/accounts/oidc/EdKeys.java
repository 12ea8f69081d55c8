package io.solebox.server.accounts.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Signatures of Ed25519 (RFC 8037, and RFC 9864 for its other name), by the JDK: the library has
 * its own for whoever adds another one to it.
 */
final class EdKeys {
  static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);

  /** What stands in front of the 32 bytes of a key in its X.509 form (RFC 8410). */
  private static final byte[] X509_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int BYTES = 32;

  private EdKeys() {}

  /** Those of an issuer that a token may be signed with. */
  static List<Key> of(JWKSet keys, JWSHeader header) {
    List<Key> found = new ArrayList<>();
    for (var each : new JWKSelector(JWKMatcher.forJWSHeader(header)).select(keys)) {
      if (each instanceof OctetKeyPair pair && Curve.Ed25519.equals(pair.getCurve())) {
        byte[] point = pair.getDecodedX();
        if (point.length == BYTES) {
          found.add(key(point));
        }
      }
    }
    return found;
  }

  private static PublicKey key(byte[] point) {
    byte[] encoded = new byte[X509_HEAD.length + BYTES];
    System.arraycopy(X509_HEAD, 0, encoded, 0, X509_HEAD.length);
    System.arraycopy(point, 0, encoded, X509_HEAD.length, BYTES);
    try {
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // any 32 bytes can be read; few verify anything
    }
  }

  /** Verifiers for these keys, and the library's for all others. */
  static final class Verifiers extends DefaultJWSVerifierFactory {
    @Override
    public JWSVerifier createJWSVerifier(JWSHeader header, Key key) throws JOSEException {
      return key instanceof EdECPublicKey ed
          ? new Verifier(ed)
          : super.createJWSVerifier(header, key);
    }
  }

  private record Verifier(EdECPublicKey key) implements JWSVerifier {
    @Override
    public boolean verify(JWSHeader header, byte[] signed, Base64URL signature)
        throws JOSEException {
      if (header.getCriticalParams() != null || !ALGORITHMS.contains(header.getAlgorithm())) {
        return false; // what must be understood, and is not (RFC 7515, section 4.1.11)
      }
      try {
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(key);
        verifier.update(signed);
        return verifier.verify(signature.decode());
      } catch (GeneralSecurityException e) {
        return false; // one that is none
      }
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
      return ALGORITHMS;
    }

    @Override
    public JCAContext getJCAContext() {
      return new JCAContext();
    }
  }
}
