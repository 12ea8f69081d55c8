package io.solebox.hardware.plug;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers a challenge by RFC 7616, with SHA-256 and {@code qop=auth}, the one way that Shelly's
 * plugs have.
 *
 * @param realm of the challenge
 * @param nonce of the challenge
 */
record Digest(String realm, String nonce) {
  private static final Pattern PARAMETER =
      Pattern.compile("(\\w+)\\s*=\\s*(?:\"([^\"]*)\"|([^\\s,]+))");

  /** Empty for a challenge of another kind. */
  static Optional<Digest> of(String challenge) {
    if (!challenge.regionMatches(true, 0, "Digest", 0, "Digest".length())) {
      return Optional.empty();
    }
    Map<String, String> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    Matcher matcher = PARAMETER.matcher(challenge);
    while (matcher.find()) {
      String value = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
      parameters.put(matcher.group(1), value);
    }
    boolean usable =
        parameters.getOrDefault("algorithm", "").equalsIgnoreCase("SHA-256")
            && parameters.getOrDefault("qop", "").matches("(.*,\\s*)?auth(\\s*,.*)?")
            && parameters.containsKey("realm")
            && parameters.containsKey("nonce");
    return usable
        ? Optional.of(new Digest(parameters.get("realm"), parameters.get("nonce")))
        : Optional.empty();
  }

  /**
   * The header {@code Authorization}.
   *
   * @param uri path and query of the request
   * @param count requests with this nonce, this one included
   * @param ours a nonce of the client's
   */
  String answer(String user, String password, String method, String uri, int count, String ours) {
    String nc = "%08x".formatted(count);
    String ha1 = hash(user + ":" + realm + ":" + password);
    String ha2 = hash(method + ":" + uri);
    String response = hash(String.join(":", ha1, nonce, nc, ours, "auth", ha2));
    return ("Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", algorithm=SHA-256,"
            + " qop=auth, nc=%s, cnonce=\"%s\", response=\"%s\"")
        .formatted(user, realm, nonce, uri, nc, ours, response);
  }

  private static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
