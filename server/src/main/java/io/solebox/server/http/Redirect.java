package io.solebox.server.http;

import java.util.List;
import java.util.function.IntSupplier;

/**
 * Answers whoever comes without TLS where it is spoken. Browsers are sent on. Programs are told,
 * and not sent on: they would go on sending keys and prompts in the clear, once for each request,
 * and nobody would notice.
 *
 * @param port of the connector that speaks TLS
 */
record Redirect(KnownHosts hosts, IntSupplier port) {
  private static final int USUAL_PORT = 443;

  /** What gives away more than that somebody has looked. */
  private static final List<String> SECRETS = List.of("Authorization", "X-Api-Key", "Cookie");

  /**
   * @throws Problem 400 if what came can only be told
   */
  void answer(Exchange exchange) {
    String host = exchange.header("Host").orElse("");
    boolean secret = SECRETS.stream().anyMatch(exchange::hasHeader);
    boolean looks = exchange.method().equals("GET") || exchange.method().equals("HEAD");
    int called = exchange.peer().localPort();
    String base = base(host, called);
    if (!looks || secret || !hosts.accepts(host, called)) {
      throw unencrypted(base, secret);
    }
    exchange.setHeader("Location", base + exchange.pathAndQuery());
    exchange.sendEmpty(307); // not for good: whoever runs the server may change it
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
