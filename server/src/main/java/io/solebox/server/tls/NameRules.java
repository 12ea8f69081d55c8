package io.solebox.server.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PKIXNameConstraintValidator;

/**
 * For which names and addresses an authority may speak (RFC 5280, 4.2.1.10). Who trusts the
 * authority of a box should not have to trust it with the names of the world: it may speak for what
 * is private everywhere, and for what the box was called when the authority was made.
 */
final class NameRules {
  private static final List<String> PRIVATE_NAMES =
      List.of("localhost", "local", "lan", "home", "home.arpa", "internal", "intranet");

  private static final List<String> PRIVATE_NETWORKS =
      List.of(
          "127.0.0.0/8",
          "10.0.0.0/8",
          "172.16.0.0/12",
          "192.168.0.0/16",
          "169.254.0.0/16",
          "100.64.0.0/10",
          "::1/128",
          "fc00::/7",
          "fe80::/10");

  private NameRules() {}

  /** The extension of an authority that is made for a box of these names. */
  static NameConstraints of(BoxNames box) {
    List<GeneralSubtree> permitted = new ArrayList<>();
    PRIVATE_NAMES.forEach(name -> permitted.add(subtree(GeneralName.dNSName, name)));
    PRIVATE_NETWORKS.forEach(network -> permitted.add(subtree(GeneralName.iPAddress, network)));
    NameConstraints usual = new NameConstraints(permitted.toArray(GeneralSubtree[]::new), null);
    BoxNames further = outside(usual, box);
    further.names().forEach(name -> permitted.add(subtree(GeneralName.dNSName, name)));
    further
        .addresses()
        .forEach(address -> permitted.add(subtree(GeneralName.iPAddress, network(address))));
    return new NameConstraints(permitted.toArray(GeneralSubtree[]::new), null);
  }

  /** One address of IPv4; of IPv6 the network, in which machines change their addresses daily. */
  private static String network(String address) {
    return InetAddress.ofLiteral(address).getAddress().length == 4
        ? address + "/32"
        : address + "/64";
  }

  private static GeneralSubtree subtree(int kind, String base) {
    return new GeneralSubtree(new GeneralName(kind, base));
  }

  /** The names for which an authority may not speak. */
  static BoxNames outside(X509Certificate authority, BoxNames box) {
    byte[] extension = authority.getExtensionValue(Extension.nameConstraints.getId());
    if (extension == null) {
      return BoxNames.of(List.of());
    }
    try {
      byte[] inside = ASN1OctetString.getInstance(extension).getOctets();
      return outside(NameConstraints.getInstance(ASN1Primitive.fromByteArray(inside)), box);
    } catch (IOException e) {
      throw new IllegalStateException(e); // the certificate was decoded
    }
  }

  private static BoxNames outside(NameConstraints rules, BoxNames box) {
    PKIXNameConstraintValidator validator = new PKIXNameConstraintValidator();
    validator.intersectPermittedSubtree(rules.getPermittedSubtrees());
    SortedSet<String> names = new TreeSet<>(box.names());
    names.removeIf(name -> permits(validator, new GeneralName(GeneralName.dNSName, name)));
    SortedSet<String> addresses = new TreeSet<>(box.addresses());
    addresses.removeIf(at -> permits(validator, new GeneralName(GeneralName.iPAddress, at)));
    return new BoxNames(names, addresses);
  }

  private static boolean permits(PKIXNameConstraintValidator validator, GeneralName name) {
    try {
      validator.checkPermitted(name);
      return true;
    } catch (NameConstraintValidatorException e) {
      return false;
    }
  }
}
