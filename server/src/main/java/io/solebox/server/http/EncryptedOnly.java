package io.solebox.server.http;

import io.solebox.server.tls.Tls;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * What holds where TLS is spoken: whoever comes without is turned away. Who asks for a page is sent
 * on. Programs are told, and not sent on: they would go on sending keys and prompts in the clear,
 * once for each request, and nobody would notice.
 *
 * @param port of the connector that speaks TLS
 */
record EncryptedOnly(Tls tls, KnownHosts hosts, IntSupplier port) {
  private static final int USUAL_PORT = 443;
  private static final Duration STRICT_FOR = Duration.ofDays(365);

  /** What browsers ask for when a person goes somewhere, and programs do not. */
  private static final String PAGE = "text/html";

  /** What gives away more than that somebody has looked. */
  private static final List<String> SECRETS = List.of("Authorization", "X-Api-Key", "Cookie");

  /**
   * Browsers may be told to come in no other way only where they trust the certificate without
   * being told to: they let nobody past a warning then.
   */
  void putHeaders(Exchange exchange) {
    if (exchange.peer().encrypted() && tls.trustedByBrowsers()) {
      exchange.setHeader("Strict-Transport-Security", "max-age=" + STRICT_FOR.toSeconds());
    }
  }

  /**
   * Whether this answers, because the request came without TLS.
   *
   * @throws Problem 400 if what came can only be told
   */
  boolean turnsAway(Exchange exchange) {
    if (exchange.peer().encrypted()) {
      return false;
    }
    String host = exchange.header("Host").orElse("");
    boolean secret = SECRETS.stream().anyMatch(exchange::hasHeader);
    boolean looks = exchange.method().equals("GET") || exchange.method().equals("HEAD");
    boolean page = exchange.header("Accept").filter(types -> types.contains(PAGE)).isPresent();
    int called = exchange.peer().localPort();
    String base = base(host, called);
    if (!looks || !page || secret || !hosts.accepts(host, called)) {
      throw unencrypted(base, secret);
    }
    exchange.setHeader("Location", base + exchange.pathAndQuery());
    exchange.sendEmpty(307); // not for good: whoever runs the server may change it
    return true;
  }

  private static Problem unencrypted(String base, boolean secret) {
    String spilt =
        secret
            ? " What it carries to prove who sends it could be read on its way: replace that key."
            : "";
    return Problem.of(
        400,
        "https_required",
        "This server is called by %s, and the request came without encryption.%s"
            .formatted(Texts.abbreviated(base, 100), spilt));
  }

  private String base(String host, int calledPort) {
    String name = KnownHosts.nameOf(host);
    if (name.isEmpty()) {
      return "https://...";
    }
    if (calledPort == port.getAsInt()) {
      return "https://" + host; // with the port that led here, whoever forwards it
    }
    return "https://" + name + (port.getAsInt() == USUAL_PORT ? "" : ":" + port.getAsInt());
  }
}
