package io.solebox.server.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;

/**
 * What trusted proxies tell of who called the first of them: as {@code Forwarded} (RFC 7239) says
 * it, or {@code X-Forwarded-For} and its like. Each proxy adds to the right of what was there, so
 * what a client made up stands left of what is true.
 *
 * @param client empty where it is not told, or unreadable
 * @param proto {@code http} or {@code https}
 * @param host as the client called it, with its port if it has one
 */
record Forwarded(Optional<InetAddress> client, Optional<String> proto, Optional<String> host) {
  static final Forwarded NOTHING =
      new Forwarded(Optional.empty(), Optional.empty(), Optional.empty());

  private static final String FOR = "X-Forwarded-For";
  private static final String PROTO = "X-Forwarded-Proto";
  private static final String HOST = "X-Forwarded-Host";
  private static final String STANDARD = "Forwarded";
  private static final Pattern V4_WITH_PORT = Pattern.compile("([0-9.]+):[0-9]{1,5}");

  /**
   * What stands in a request.
   *
   * @param proxies one of which sends it
   * @return empty where the two ways to tell it contradict each other: one of them is the client's
   *     own, and nobody knows which
   */
  static Optional<Forwarded> of(HttpFields headers, Proxies proxies) {
    boolean hasUsual = headers.contains(FOR) || headers.contains(PROTO) || headers.contains(HOST);
    if (!headers.contains(STANDARD)) {
      return Optional.of(hasUsual ? usual(headers, proxies) : NOTHING);
    }
    Forwarded standard = standard(headers, proxies);
    if (!hasUsual) {
      return Optional.of(standard);
    }
    Forwarded usual = usual(headers, proxies);
    boolean agree =
        alike(usual.client, standard.client)
            && alike(usual.proto, standard.proto)
            && alike(usual.host, standard.host);
    return agree ? Optional.of(usual) : Optional.empty();
  }

  private static <T> boolean alike(Optional<T> one, Optional<T> other) {
    return one.isEmpty() || other.isEmpty() || one.equals(other);
  }

  private static Forwarded usual(HttpFields headers, Proxies proxies) {
    List<String> clients = list(headers, FOR);
    List<String> protos = list(headers, PROTO);
    List<String> hosts = list(headers, HOST);
    if (clients.isEmpty()) {
      return new Forwarded(Optional.empty(), last(protos).flatMap(Forwarded::scheme), last(hosts));
    }
    int hop = firstUntrusted(clients, proxies);
    return new Forwarded(
        address(clients.get(hop)),
        beside(protos, clients, hop).flatMap(Forwarded::scheme),
        beside(hosts, clients, hop));
  }

  /** What stands beside a client in a list of equal length; else what the nearest proxy says. */
  private static Optional<String> beside(List<String> values, List<String> clients, int hop) {
    return values.size() == clients.size() ? Optional.of(values.get(hop)) : last(values);
  }

  private static Optional<String> last(List<String> values) {
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
  }

  private static Forwarded standard(HttpFields headers, Proxies proxies) {
    List<String> hops = list(headers, STANDARD);
    List<String> clients = hops.stream().map(hop -> parameter(hop, "for").orElse("")).toList();
    int hop = firstUntrusted(clients, proxies);
    return new Forwarded(
        address(clients.get(hop)),
        parameter(hops.get(hop), "proto").flatMap(Forwarded::scheme),
        parameter(hops.get(hop), "host"));
  }

  /** The rightmost that is no proxy of ours; the leftmost if all are. */
  private static int firstUntrusted(List<String> clients, Proxies proxies) {
    int hop = clients.size() - 1;
    while (hop > 0 && address(clients.get(hop)).filter(proxies::trusts).isPresent()) {
      hop--;
    }
    return hop;
  }

  /** All values of a header, in the order in which they were added. */
  private static List<String> list(HttpFields headers, String name) {
    List<String> all = new ArrayList<>();
    for (String line : headers.getValuesList(name)) {
      Arrays.stream(line.split(",")).map(String::strip).forEach(all::add);
    }
    return all;
  }

  private static Optional<String> parameter(String hop, String name) {
    return Arrays.stream(hop.split(";"))
        .map(String::strip)
        .filter(pair -> pair.regionMatches(true, 0, name + "=", 0, name.length() + 1))
        .map(pair -> unquoted(pair.substring(name.length() + 1).strip()))
        .findFirst();
  }

  private static String unquoted(String text) {
    return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
        ? text.substring(1, text.length() - 1)
        : text;
  }

  private static Optional<String> scheme(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.equals("http") || lower.equals("https") ? Optional.of(lower) : Optional.empty();
  }

  /** With or without port and brackets; empty for what is hidden or made up. */
  private static Optional<InetAddress> address(String text) {
    var withPort = V4_WITH_PORT.matcher(text);
    int close = text.indexOf(']');
    String bare =
        withPort.matches()
            ? withPort.group(1)
            : text.startsWith("[") && close > 0 ? text.substring(1, close) : text;
    try {
      return Optional.of(InetAddress.ofLiteral(bare));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
