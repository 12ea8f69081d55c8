package io.solebox.server.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The authority of one box, which signs the certificates of its server and nobody else's. */
record Authority(PrivateKey key, X509Certificate certificate) {
  private static final Duration LIFE = Duration.ofDays(3650);

  /**
   * Apple's systems take 825 days at most, and others nothing that was issued for longer than 398
   * by those whom browsers trust.
   */
  static final Duration LEAF_LIFE = Duration.ofDays(397);

  /** Clocks of clients may be late. */
  private static final Duration EARLIER = Duration.ofHours(1);

  private static final String SIGNATURE = "SHA256withECDSA";
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A new one, which may speak for what is private and for this box. */
  static Authority make(BoxNames box, Instant now) {
    KeyPair pair = keyPair();
    byte[] mark = new byte[4]; // an authority made again must not look like the one before it
    RANDOM.nextBytes(mark);
    X500Principal name =
        new X500Principal("O=Solebox,CN=Solebox CA of %s (%s)".formatted(nameOf(box), hex(mark)));
    try {
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              serial(),
              date(now.minus(EARLIER)),
              date(now.plus(LIFE)),
              name,
              pair.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(pair.getPublic()));
      builder.addExtension(Extension.nameConstraints, true, NameRules.of(box));
      return new Authority(pair.getPrivate(), signed(builder, pair.getPrivate()));
    } catch (CertIOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e); // every JDK has what it takes
    }
  }

  /**
   * A certificate for the server, with a key of its own.
   *
   * @param box names for which the authority may speak
   */
  Identity issue(BoxNames box, Instant now) {
    KeyPair pair = keyPair();
    Instant end = now.minus(EARLIER).plus(LEAF_LIFE);
    Instant last = certificate.getNotAfter().toInstant();
    try {
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      var builder =
          new JcaX509v3CertificateBuilder(
              certificate.getSubjectX500Principal(),
              serial(),
              date(now.minus(EARLIER)),
              date(end.isBefore(last) ? end : last),
              new X500Principal("O=Solebox,CN=Solebox on " + nameOf(box)),
              pair.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      builder.addExtension(Extension.subjectAlternativeName, false, subjects(box));
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(pair.getPublic()));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          ids.createAuthorityKeyIdentifier(certificate.getPublicKey()));
      return new Identity(pair.getPrivate(), List.of(signed(builder, key), certificate));
    } catch (CertIOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether it is this authority's certificate that an identity has. */
  boolean signed(Identity identity) {
    try {
      identity.leaf().verify(certificate.getPublicKey());
      return identity.chain().getLast().equals(certificate);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static GeneralNames subjects(BoxNames box) {
    List<GeneralName> all = new ArrayList<>();
    box.names().forEach(name -> all.add(new GeneralName(GeneralName.dNSName, name)));
    box.addresses().forEach(at -> all.add(new GeneralName(GeneralName.iPAddress, at)));
    return new GeneralNames(all.toArray(GeneralName[]::new));
  }

  private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey signer)
      throws GeneralSecurityException, OperatorCreationException {
    var signature = new JcaContentSignerBuilder(SIGNATURE).build(signer);
    return new JcaX509CertificateConverter().getCertificate(builder.build(signature));
  }

  private static KeyPair keyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static BigInteger serial() {
    return new BigInteger(127, RANDOM).setBit(126); // positive, and always of the same length
  }

  private static Date date(Instant time) {
    return Date.from(time);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().withUpperCase().formatHex(bytes);
  }

  /** For people, in a list of authorities. */
  private static String nameOf(BoxNames box) {
    return box.names().stream()
        .filter(name -> !name.equals("localhost") && !name.endsWith(".local"))
        .findFirst()
        .orElse("this machine");
  }
}
