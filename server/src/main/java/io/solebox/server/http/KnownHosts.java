package io.solebox.server.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names by which this server may be called. A web page whose own name was made to point at this
 * machine (DNS rebinding) sends that name as {@code Host}, and is refused by it.
 */
final class KnownHosts {
  private static final Pattern ADDRESS = Pattern.compile("\\[[0-9a-f:.%]+]|[0-9]+(\\.[0-9]+){3}");

  private final Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
  private final Set<String> namesAtAnyPort = new HashSet<>();
  private final boolean anyAddress;

  /**
   * @param boundHost as configured
   * @param loopback whether only this machine can connect
   * @param furtherNames accepted with any port, because proxies and tunnels have their own
   */
  KnownHosts(String boundHost, boolean loopback, List<String> furtherNames) {
    String bound = boundHost.toLowerCase(Locale.ROOT);
    names.add(bound.contains(":") && !bound.startsWith("[") ? "[" + bound + "]" : bound);
    furtherNames.forEach(name -> namesAtAnyPort.add(name.toLowerCase(Locale.ROOT)));
    // A page can take over a name, but not an address that somebody typed.
    anyAddress = !loopback;
    if (!loopback) {
      addMachineName();
    }
  }

  private void addMachineName() {
    try {
      String name = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
      names.add(name);
      names.add(name + ".local");
    } catch (UnknownHostException e) {
      // A machine without a name is called by its address.
    }
  }

  /** Whether a {@code Host} header is one of ours. */
  boolean accepts(String header, int port) {
    String host = header.toLowerCase(Locale.ROOT);
    int colon = host.lastIndexOf(':');
    boolean hasPort = colon > host.lastIndexOf(']');
    String name = hasPort ? host.substring(0, colon) : host;
    String givenPort = hasPort ? host.substring(colon + 1) : "80";
    if (namesAtAnyPort.contains(name)) {
      return true;
    }
    return givenPort.equals(Integer.toString(port))
        && (names.contains(name) || (anyAddress && ADDRESS.matcher(name).matches()));
  }
}
