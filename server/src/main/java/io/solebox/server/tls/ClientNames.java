package io.solebox.server.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Whom a client's certificate is for. */
public final class ClientNames {
  private static final int MAIL = 1; // kinds of names, RFC 5280, 4.2.1.6
  private static final int DNS = 2;

  private ClientNames() {}

  /** Mail addresses, then names of machines, then the common name. */
  public static List<String> of(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    addSubjects(certificate, MAIL, names);
    addSubjects(certificate, DNS, names);
    try {
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          names.add(String.valueOf(part.getValue()));
        }
      }
    } catch (InvalidNameException e) {
      throw new IllegalStateException(e); // the JDK wrote it
    }
    return List.copyOf(names);
  }

  private static void addSubjects(X509Certificate certificate, int kind, List<String> names) {
    try {
      Collection<List<?>> subjects = certificate.getSubjectAlternativeNames();
      if (subjects != null) {
        subjects.stream()
            .filter(each -> each.get(0).equals(kind))
            .forEach(each -> names.add(String.valueOf(each.get(1))));
      }
    } catch (CertificateParsingException e) {
      // What cannot be read names nobody.
    }
  }
}
