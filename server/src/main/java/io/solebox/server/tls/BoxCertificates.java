package io.solebox.server.tls;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The box's own authority and its server's certificate, looked at and renewed while no server runs,
 * or beside one: it sees what has changed by itself.
 */
public final class BoxCertificates {
  private static final String LOCAL = "localhost";

  private final Path folder;
  private final OwnCertificates own;

  /**
   * @param folder {@code tls} in the box's folder
   * @param notes takes lines for the person
   */
  public BoxCertificates(Path folder, Consumer<String> notes) {
    this.folder = folder;
    own = new OwnCertificates(folder, this::names, notes);
  }

  /** Of the server's certificate; those that one would have that listens on all addresses. */
  private BoxNames names() {
    return server()
        .map(BoxNames::in)
        .orElseGet(() -> BoxNames.of(List.of(LOCAL, "127.0.0.1", "::1")).andOfMachine());
  }

  /** The authority, which is made if there is none. */
  public X509Certificate authority() {
    return own.authority(Instant.now()).certificate();
  }

  /** The server's certificate; empty before a server was started. */
  public Optional<X509Certificate> server() {
    Path file = folder.resolve(OwnCertificates.SERVER);
    return Files.exists(file) ? Optional.of(Pem.certificates(file).getFirst()) : Optional.empty();
  }

  /** The authority as a file that may be given to everybody. */
  public Path file() {
    return folder.resolve(OwnCertificates.PUBLIC);
  }

  /** Names and addresses for which a certificate is. */
  public static List<String> names(X509Certificate certificate) {
    return BoxNames.in(certificate).all();
  }

  /** By which others in the network are likely to reach this machine. */
  public String host() {
    BoxNames box = names();
    return Stream.concat(box.addresses().stream(), box.names().stream())
        .filter(each -> !each.contains(":") && !each.startsWith("127.") && !each.equals(LOCAL))
        .findFirst()
        .orElse(LOCAL);
  }

  /** Gives the server a new certificate, and a new key. */
  public void renew() {
    own.renew(Instant.now());
  }

  /** Makes another authority; who trusts the one before has to trust anew. */
  public void replaceAuthority() {
    own.replaceAuthority(Instant.now());
  }
}
