package io.solebox.server.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Addresses of this machine as Linux lists them in files. Java asks by way of a UDP socket, which
 * an air-gapped process has not.
 */
final class KernelAddresses {
  private static final Path ROUTES = Path.of("/proc/net/fib_trie");
  private static final Path IPV6 = Path.of("/proc/net/if_inet6");
  private static final String ADDRESS = "|-- ";
  private static final String OWN = "/32 host LOCAL";

  private KernelAddresses() {}

  /**
   * All that Linux tells of.
   *
   * @throws IOException if it is not Linux, or tells nothing
   */
  static List<InetAddress> all() throws IOException {
    List<String> six = Files.exists(IPV6) ? Files.readAllLines(IPV6) : List.of();
    return Stream.concat(ofRoutes(Files.readAllLines(ROUTES)).stream(), ofInterfaces(six).stream())
        .distinct()
        .toList();
  }

  /** Of IPv4: a line with the address, and a line behind it that says that it is this machine's. */
  static List<InetAddress> ofRoutes(List<String> lines) {
    return Stream.iterate(1, i -> i < lines.size(), i -> i + 1)
        .filter(i -> lines.get(i).strip().equals(OWN))
        .map(i -> lines.get(i - 1).strip())
        .filter(line -> line.startsWith(ADDRESS))
        .map(line -> InetAddress.ofLiteral(line.substring(ADDRESS.length())))
        .distinct()
        .toList();
  }

  /** Of IPv6: 32 digits, then what else there is to say. */
  static List<InetAddress> ofInterfaces(List<String> lines) {
    return lines.stream().map(line -> address(line.substring(0, 32))).toList();
  }

  private static InetAddress address(String digits) {
    try {
      return InetAddress.getByAddress(HexFormat.of().parseHex(digits));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // 16 bytes are an address
    }
  }
}
