package io.solebox.server.accounts.oidc;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * Who signs people in beside this box, and whom of them it lets in.
 *
 * @param issuer as its tokens name it
 * @param clientId by which it knows this box
 * @param secret that goes with it; empty for a public client, which PKCE alone protects
 * @param nameClaim which claim of a token is somebody's name here
 * @param groupsClaim which one lists his groups; empty where groups are given here
 * @param domains of mail addresses that are let in; empty for all
 * @param unknown what becomes of people who have no account yet
 * @param trust who signs certificates of the issuer; empty for whom this Java trusts
 */
public record OidcSettings(
    String issuer,
    String clientId,
    Optional<String> secret,
    String nameClaim,
    Optional<String> groupsClaim,
    List<String> domains,
    Unknown unknown,
    Optional<SSLContext> trust) {
  public static final String USUAL_NAME_CLAIM = "preferred_username";

  /** What becomes of people who have no account yet. */
  public enum Unknown {
    /** They are not let in. */
    REFUSE,
    /** They get an account that an administrator has to approve. */
    APPROVE,
    /** They get an account. */
    MAKE
  }

  /**
   * @throws SoleboxException if the issuer is no address that may be asked
   */
  public OidcSettings {
    address(issuer);
    domains = domains.stream().map(domain -> domain.toLowerCase(Locale.ROOT)).toList();
  }

  /**
   * Reads a secret.
   *
   * @throws SoleboxException if the file cannot be read, has no secret, or others can read it
   */
  public static String secretIn(Path file) {
    try {
      var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
      if (view != null) {
        Set<PosixFilePermission> permissions = view.readAttributes().permissions();
        if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
          throw bad(
              file.toString(),
              "Every user of this machine can read the secret of the issuer.",
              "Run: chmod 600 " + file);
        }
      }
      String secret = Files.readString(file).strip();
      if (secret.isEmpty() || secret.contains("\n")) {
        throw bad(
            file.toString(), "The file must have one line: the secret.", "Copy it there alone.");
      }
      return secret;
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "The secret of the issuer cannot be read: " + e.getMessage() + ".",
          "Write it to this file, for its owner alone.",
          e);
    }
  }

  /** Whether a mail address that the issuer has verified may sign in. */
  boolean admits(Optional<String> mail) {
    return domains.isEmpty()
        || mail.map(address -> address.substring(address.lastIndexOf('@') + 1))
            .map(domain -> domain.toLowerCase(Locale.ROOT))
            .filter(domains::contains)
            .isPresent();
  }

  /** Where its metadata lies (OpenID Connect Discovery 1.0, section 4). */
  URI discovery() {
    String bare = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    return URI.create(bare + "/.well-known/openid-configuration");
  }

  /** Whether the issuer is on this machine, where nobody can listen in between. */
  boolean local() {
    return isLocal(URI.create(issuer));
  }

  static boolean isLocal(URI address) {
    String host = Optional.ofNullable(address.getHost()).orElse("");
    return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
  }

  private static void address(String issuer) {
    try {
      URI uri = new URI(issuer);
      boolean https = "https".equals(uri.getScheme());
      boolean local = "http".equals(uri.getScheme()) && isLocal(uri);
      if ((https || local)
          && uri.getHost() != null
          && uri.getQuery() == null
          && uri.getFragment() == null
          && uri.getUserInfo() == null) {
        return;
      }
    } catch (URISyntaxException e) {
      // The same words as for another address that cannot be one.
    }
    throw bad(
        "oidc-issuer",
        "'" + issuer + "' is no issuer: it must be an https address without query.",
        "Give it as its own pages name it, as in https://login.example/realms/box.");
  }

  private static SoleboxException bad(String place, String message, String remedy) {
    return new SoleboxException(ErrorCode.INVALID_PARAMETER, place, message, remedy);
  }

  /** Says nothing of the secret. */
  @Override
  public String toString() {
    return "OidcSettings of " + issuer;
  }
}
