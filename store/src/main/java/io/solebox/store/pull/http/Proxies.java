package io.solebox.store.pull.http;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Through which machine others are reached: {@code HTTPS_PROXY}, {@code http_proxy}, {@code
 * ALL_PROXY} and {@code NO_PROXY}, as curl reads them. This machine itself is always reached
 * directly.
 *
 * @param https for encrypted connections
 * @param http for others
 * @param direct hosts without one, in lower case: a name stands for those below it, too, {@code
 *     10.0.0.0/8} for a network, {@code *} for all
 */
public record Proxies(Optional<Way> https, Optional<Way> http, List<String> direct) {
  public static final Proxies NONE = new Proxies(Optional.empty(), Optional.empty(), List.of());

  /** What a variable says. */
  public sealed interface Way {}

  /**
   * One proxy, spoken to without encryption.
   *
   * @param secret for the proxy alone, where it wants to know who asks
   */
  public record Proxy(String host, int port, Optional<Secret> secret) implements Way {
    InetSocketAddress address() {
      return InetSocketAddress.createUnresolved(host, port);
    }
  }

  /**
   * One that nothing here can speak to, or no address: refused when something would go through it,
   * since most commands go nowhere.
   *
   * @param variable that names it; its text may hold a password
   */
  public record Unusable(String variable) implements Way {}

  public Proxies {
    direct = List.copyOf(direct);
  }

  /** Reads environment variables. */
  public static Proxies of(Map<String, String> variables) {
    Optional<Way> all = first(variables, "all_proxy", "ALL_PROXY");
    String direct = value(variables, "no_proxy").or(() -> value(variables, "NO_PROXY")).orElse("");
    return new Proxies(
        first(variables, "https_proxy", "HTTPS_PROXY").or(() -> all),
        // In capitals it would be what a web server makes of the header Proxy.
        first(variables, "http_proxy").or(() -> all),
        Arrays.stream(direct.toLowerCase(Locale.ROOT).split("[\\s,]+"))
            .map(host -> host.replaceFirst("^\\*?\\.", ""))
            .filter(host -> !host.isEmpty())
            .toList());
  }

  private static Optional<String> value(Map<String, String> variables, String name) {
    return Optional.of(variables.getOrDefault(name, "").strip()).filter(text -> !text.isEmpty());
  }

  private static Optional<Way> first(Map<String, String> variables, String... names) {
    return Stream.of(names)
        .flatMap(name -> value(variables, name).map(text -> parse(name, text)).stream())
        .findFirst();
  }

  private static Way parse(String variable, String text) {
    try {
      URI uri = URI.create(text.contains("://") ? text : "http://" + text);
      if ("http".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null) {
        Optional<Secret> secret =
            Optional.ofNullable(uri.getUserInfo())
                .map(user -> user.getBytes(StandardCharsets.UTF_8))
                .map(bytes -> Secret.basic(Base64.getEncoder().encodeToString(bytes)));
        return new Proxy(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort(), secret);
      }
    } catch (IllegalArgumentException e) {
      // as below
    }
    return new Unusable(variable);
  }

  /**
   * The proxy for an address; empty where it is reached directly.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} where it is one that nothing here speaks to
   */
  Optional<Proxy> forAddress(URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    Optional<Way> way = "https".equalsIgnoreCase(uri.getScheme()) ? https : http;
    return way.filter(_ -> !isThisMachine(host) && direct.stream().noneMatch(d -> covers(d, uri)))
        .map(Proxies::usable);
  }

  private static Proxy usable(Way way) {
    return switch (way) {
      case Proxy proxy -> proxy;
      case Unusable(String variable) ->
          throw new SoleboxException(
              ErrorCode.INVALID_PARAMETER,
              variable,
              "This is no address of a proxy that is understood here.",
              "Write it as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT; proxies that speak"
                  + " SOCKS or are spoken to over TLS are not supported.");
    };
  }

  private static boolean isThisMachine(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  private static boolean covers(String direct, URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    String withPort = host + ":" + uri.getPort();
    return direct.equals("*")
        || host.equals(direct)
        || host.equals("[" + direct + "]")
        || withPort.equals(direct)
        || host.endsWith("." + direct)
        || withPort.endsWith("." + direct)
        || isInNetwork(direct, host);
  }

  /** Of addresses alone: no name is looked up. */
  private static boolean isInNetwork(String network, String host) {
    int slash = network.indexOf('/');
    if (slash < 0) {
      return false;
    }
    try {
      int bits = Integer.parseInt(network.substring(slash + 1));
      byte[] base = InetAddress.ofLiteral(network.substring(0, slash)).getAddress();
      byte[] address = InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).getAddress();
      boolean inside = base.length == address.length && bits <= 8 * base.length;
      for (int i = 0; inside && i < bits; i++) {
        int bit = 0x80 >> i % 8;
        inside = (base[i / 8] & bit) == (address[i / 8] & bit);
      }
      return inside;
    } catch (IllegalArgumentException e) {
      return false; // a name, or no network
    }
  }
}
