package io.solebox.server.accounts.totp;

import io.nayuki.qrcodegen.QrCode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an authenticator app needs of a new secret.
 *
 * @param secret as it is typed where there is no camera
 * @param uri that apps read (https://github.com/google/google-authenticator/wiki/Key-Uri-Format)
 */
public record Enrolment(String secret, String uri) {
  private static final int QUIET = 4;

  /**
   * @param issuer who asks for the codes: the name of this box
   * @param account whose codes they are
   */
  public static Enrolment of(Totp totp, String issuer, String account) {
    String secret = Base32.encode(totp.secret());
    String label = escaped(issuer) + ":" + escaped(account);
    String uri =
        "otpauth://totp/%s?secret=%s&issuer=%s&algorithm=SHA1&digits=6&period=30"
            .formatted(label, secret, escaped(issuer));
    return new Enrolment(secret, uri);
  }

  /** For a program, as members of a JSON object. */
  public Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("secret", secret);
    members.put("uri", uri);
    Picture picture = picture();
    members.put("svg", picture.svg());
    // For pages, which may not make elements of text.
    members.put("qr", Map.of("side", picture.side(), "path", picture.path()));
    return members;
  }

  private static String escaped(String text) {
    // Apps take a plus sign for a plus sign.
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * The URI as a picture: dark modules, and around them the quiet zone that cameras want.
   *
   * @param side of the whole in modules
   * @param path of the dark ones, as SVG has it
   */
  record Picture(int side, String path) {
    /** Whole. Black on white in dark mode too: many cameras do not read it the other way round. */
    String svg() {
      return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %1$d" shape-rendering="crispEdges">\
      <rect width="%1$d" height="%1$d" fill="#fff"/><path d="%2$s" fill="#000"/></svg>\
      """
          .formatted(side, path);
    }
  }

  Picture picture() {
    QrCode code = QrCode.encodeText(uri, QrCode.Ecc.MEDIUM);
    StringBuilder path = new StringBuilder();
    for (int y = 0; y < code.size; y++) {
      for (int x = 0; x < code.size; x++) {
        if (code.getModule(x, y)) {
          path.append("M%d,%dh1v1h-1z".formatted(x + QUIET, y + QUIET));
        }
      }
    }
    return new Picture(code.size + 2 * QUIET, path.toString());
  }
}
