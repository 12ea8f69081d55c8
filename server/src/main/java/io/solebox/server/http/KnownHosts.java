package io.solebox.server.http;

import io.solebox.server.tls.BoxNames;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names by which this server may be called. A web page whose own name was made to point at this
 * machine (DNS rebinding) sends that name as {@code Host}, and is refused by it.
 */
public final class KnownHosts {
  private static final Pattern ADDRESS = Pattern.compile("\\[[0-9a-f:.%]+]|[0-9]+(\\.[0-9]+){3}");

  private final Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
  private final Set<String> furtherNames = new HashSet<>();
  private final boolean anyAddress;

  /**
   * @param boundHost as configured
   * @param loopback whether only this machine can connect
   * @param furtherNames accepted with any port, because proxies and tunnels have their own
   */
  public KnownHosts(String boundHost, boolean loopback, List<String> furtherNames) {
    String bound = boundHost.toLowerCase(Locale.ROOT);
    names.add(bound.contains(":") && !bound.startsWith("[") ? "[" + bound + "]" : bound);
    furtherNames.forEach(name -> this.furtherNames.add(nameOf(name)));
    // A page can take over a name, but not an address that somebody typed.
    anyAddress = !loopback;
    if (!loopback) {
      names.addAll(BoxNames.machineNames());
    }
  }

  /**
   * Whether a {@code Host} header is one of ours. Without a port it is: many proxies leave it out,
   * and it is the name that tells a foreign page.
   *
   * @param port that the server listens on
   */
  boolean accepts(String header, int port) {
    String name = nameOf(header);
    String given = header.substring(Math.min(header.length(), name.length()));
    return furtherNames.contains(name)
        || ((given.isEmpty() || given.equals(":" + port)) && known(header));
  }

  /** Whether its name is one of ours, whatever the port. */
  boolean known(String header) {
    String name = nameOf(header);
    return furtherNames.contains(name)
        || names.contains(name)
        || (anyAddress && ADDRESS.matcher(name).matches());
  }

  /** Whether an origin's host was named by the owner, so that it is this server from outside. */
  boolean named(String host) {
    return furtherNames.contains(nameOf(host));
  }

  /** A host without its port. */
  static String nameOf(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    int colon = lower.lastIndexOf(':');
    return colon > lower.lastIndexOf(']') ? lower.substring(0, colon) : lower;
  }
}
