package io.solebox.server.accounts.oidc;

import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.server.accounts.oidc.issuer.IssuerException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an issuer tells of itself (OpenID Connect Discovery 1.0, section 3).
 *
 * @param authorization where people sign in
 * @param token where codes are changed for tokens
 * @param keys where its public keys are
 * @param userInfo where it says more of people than their tokens do
 * @param secretInBody whether the client's secret goes into the form, because the issuer does not
 *     take it in a header
 * @param namesItself whether each answer must say which issuer it is from (RFC 9207)
 */
record Discovery(
    URI authorization,
    URI token,
    URI keys,
    Optional<URI> userInfo,
    boolean secretInBody,
    boolean namesItself) {
  private static final String USER_INFO = "userinfo_endpoint";

  /**
   * @throws IssuerException if it is another issuer's, lacks something, or points where others
   *     could listen
   */
  static Discovery read(byte[] json, OidcSettings settings) throws IssuerException {
    Map<String, Object> document = object(json, "The issuer's metadata");
    if (!settings.issuer().equals(document.get("issuer"))) {
      throw new IssuerException(
          "The metadata at %s are those of '%s'"
              .formatted(settings.discovery(), document.get("issuer")));
    }
    Object methods = document.get("token_endpoint_auth_methods_supported");
    boolean inBody =
        methods instanceof List<?> list
            && !list.contains("client_secret_basic")
            && list.contains("client_secret_post");
    return new Discovery(
        endpoint(document, "authorization_endpoint", settings),
        endpoint(document, "token_endpoint", settings),
        endpoint(document, "jwks_uri", settings),
        document.containsKey(USER_INFO)
            ? Optional.of(endpoint(document, USER_INFO, settings))
            : Optional.empty(),
        inBody,
        Boolean.TRUE.equals(document.get("authorization_response_iss_parameter_supported")));
  }

  private static URI endpoint(Map<String, Object> document, String name, OidcSettings settings)
      throws IssuerException {
    Optional<URI> address =
        Optional.ofNullable(document.get(name))
            .filter(String.class::isInstance)
            .flatMap(text -> address((String) text))
            .filter(
                uri ->
                    "https".equals(uri.getScheme())
                        || (settings.local() && OidcSettings.isLocal(uri)));
    return address.orElseThrow(
        () -> new IssuerException("The issuer's metadata have no https address as " + name));
  }

  private static Optional<URI> address(String text) {
    try {
      return Optional.of(URI.create(text)).filter(uri -> uri.getHost() != null);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static Map<String, Object> object(byte[] json, String what) throws IssuerException {
    try {
      return new JsonReader(JsonLimits.LOCAL).readObject(json);
    } catch (JsonException e) {
      throw new IssuerException(what + " are no JSON object: " + e.getMessage(), e);
    }
  }
}
