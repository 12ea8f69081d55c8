package io.solebox.server.tls;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;

/**
 * Certificates and keys as text (RFC 7468). Keys may be PKCS#8, or as OpenSSL wrote them before
 * (SEC1, PKCS#1), each also encrypted.
 */
final class Pem {
  private static final Base64.Encoder BASE64 =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private Pem() {}

  static String of(X509Certificate certificate) {
    try {
      return block("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  static String of(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  private static String block(String label, byte[] der) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(label, BASE64.encodeToString(der));
  }

  /**
   * The certificates of a file, in its order; what else it holds is passed over.
   *
   * @throws SoleboxException if it cannot be read or holds none
   */
  static List<X509Certificate> certificates(Path file) {
    List<X509Certificate> found = new ArrayList<>();
    for (Object each : objects(file)) {
      if (each instanceof X509CertificateHolder holder) {
        try {
          found.add(new JcaX509CertificateConverter().getCertificate(holder));
        } catch (GeneralSecurityException e) {
          throw bad(file, "A certificate in it cannot be read: " + e.getMessage() + ".", e);
        }
      }
    }
    if (found.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          file.toString(),
          "There is no certificate in it.",
          "Give a PEM file, which has lines '-----BEGIN CERTIFICATE-----'.");
    }
    return List.copyOf(found);
  }

  /**
   * The first private key of a file.
   *
   * @param pass what opens an encrypted one
   * @throws SoleboxException if it cannot be read or opened, or holds none
   */
  static PrivateKey key(Path file, Optional<char[]> pass) {
    for (Object each : objects(file)) {
      Optional<PrivateKeyInfo> info = keyInfo(file, each, pass);
      if (info.isPresent()) {
        return key(file, info.get());
      }
    }
    throw new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        file.toString(),
        "There is no private key in it.",
        "Give a PEM file, which has a line as '-----BEGIN PRIVATE KEY-----'.");
  }

  /**
   * Opens what is encrypted with Bouncy Castle's own ciphers, since the JDK neither makes keys of
   * pass phrases as OpenSSL once did, nor pads as PKCS#8 says.
   */
  private static Optional<PrivateKeyInfo> keyInfo(Path file, Object read, Optional<char[]> pass) {
    try {
      return switch (read) {
        case PrivateKeyInfo plain -> Optional.of(plain);
        case PEMKeyPair pair -> Optional.of(pair.getPrivateKeyInfo());
        case PEMEncryptedKeyPair locked ->
            Optional.of(
                locked
                    .decryptKeyPair(
                        new JcePEMDecryptorProviderBuilder()
                            .setProvider(new BouncyCastleProvider())
                            .build(required(file, pass)))
                    .getPrivateKeyInfo());
        case PKCS8EncryptedPrivateKeyInfo locked ->
            Optional.of(
                locked.decryptPrivateKeyInfo(
                    new JceOpenSSLPKCS8DecryptorProviderBuilder()
                        .setProvider(new BouncyCastleProvider())
                        .build(required(file, pass))));
        default -> Optional.empty(); // parameters of a curve, certificates: of no matter here
      };
    } catch (IOException | PKCSException | OperatorCreationException e) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          file.toString(),
          "The pass phrase does not open the key.",
          "Look at the file of --tls-pass-file; its first line is the pass phrase.",
          e);
    }
  }

  private static char[] required(Path file, Optional<char[]> pass) {
    return pass.orElseThrow(
        () ->
            new SoleboxException(
                ErrorCode.INVALID_PARAMETER,
                file.toString(),
                "The key is encrypted.",
                "Give --tls-pass-file FILE, whose first line is its pass phrase."));
  }

  private static PrivateKey key(Path file, PrivateKeyInfo info) {
    try {
      // The JDK knows kinds of keys by the numbers that stand in them.
      return KeyFactory.getInstance(info.getPrivateKeyAlgorithm().getAlgorithm().getId())
          .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
    } catch (GeneralSecurityException | IOException e) {
      throw bad(file, "Its key is of a kind that cannot be used here: " + e.getMessage() + ".", e);
    }
  }

  private static List<Object> objects(Path file) {
    List<Object> all = new ArrayList<>();
    String text = new String(OwnerFiles.read(file), StandardCharsets.ISO_8859_1);
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
        all.add(next);
      }
    } catch (IOException | RuntimeException e) {
      // Bouncy Castle throws what it likes at bytes that are no ASN.1.
      throw bad(file, "It is no sound PEM file: " + e.getMessage() + ".", e);
    }
    return all;
  }

  private static SoleboxException bad(Path file, String what, Exception why) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        file.toString(),
        what,
        "Write it again, as 'openssl x509' and 'openssl pkey' do.",
        why);
  }
}
