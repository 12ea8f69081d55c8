package io.solebox.server.web;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.tls.Fingerprint;
import io.solebox.server.tls.Tls;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The box's own authority, for those who are to trust it: its certificate, and a page that says how
 * each system is told. Open, since nobody can enter a key safely before.
 */
public final class TrustPage {
  /** What browsers and phones take for a certificate to be installed. */
  private static final String CERTIFICATE = "application/x-x509-ca-cert";

  private final Tls tls;

  private TrustPage(Tls tls) {
    this.tls = tls;
  }

  /**
   * @param tls with an authority of the box's own
   * @param problems whose words its errors have
   */
  public static Api api(Tls tls, Api.ProblemWriter problems) {
    TrustPage page = new TrustPage(tls);
    return new Api(
        List.of(
            route("/tls", page::sendPage),
            route("/tls/authority", page::sendWords),
            route("/tls/ca.pem", page::sendPem),
            route("/tls/ca.crt", page::sendDer)),
        problems);
  }

  private static Route route(String path, Route.Handler handler) {
    return new Route(Method.GET, path, Permission.OPEN, RouteLimits.NO_BODY, handler);
  }

  private X509Certificate authority() {
    return tls.authority().orElseThrow();
  }

  private void sendPem(Exchange exchange) {
    exchange.setHeader("Content-Disposition", "attachment; filename=\"solebox-ca.pem\"");
    exchange.send(
        200, "application/x-pem-file", Tls.pem(authority()).getBytes(StandardCharsets.US_ASCII));
  }

  private void sendDer(Exchange exchange) {
    exchange.setHeader("Content-Disposition", "attachment; filename=\"solebox-ca.crt\"");
    try {
      exchange.send(200, CERTIFICATE, authority().getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e); // it was decoded
    }
  }

  private void sendWords(Exchange exchange) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("fingerprint", Fingerprint.of(authority()));
    body.put("subject", authority().getSubjectX500Principal().getName());
    body.put("until", authority().getNotAfter().toInstant().toString());
    exchange.send(200, "application/json", new JsonWriter().bytes(body));
  }

  private void sendPage(Exchange exchange) {
    String html =
        WebPage.text("tls.html")
            .replace("{{host}}", escaped(exchange.calledHost()))
            .replace("{{fingerprint}}", Fingerprint.of(authority()))
            .replace("{{subject}}", escaped(authority().getSubjectX500Principal().getName()))
            .replace("{{until}}", authority().getNotAfter().toInstant().toString());
    exchange.setPageHeaders();
    exchange.send(200, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
