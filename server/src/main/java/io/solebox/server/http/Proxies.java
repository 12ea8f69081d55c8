package io.solebox.server.http;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * The programs in front of this server that its owner trusts to tell who calls, and how. What
 * anybody else tells is passed over.
 */
public record Proxies(List<Network> networks) {
  /** None. */
  public static final Proxies NONE = new Proxies(List.of());

  public Proxies {
    networks = List.copyOf(networks);
  }

  /**
   * Addresses that begin alike.
   *
   * @param first all bits of one of them
   * @param bits how many of them count
   */
  record Network(byte[] first, int bits) {
    @Override
    public String toString() {
      try {
        return InetAddress.getByAddress(first).getHostAddress() + "/" + bits;
      } catch (UnknownHostException e) {
        throw new IllegalStateException(e); // it is of four bytes, or of sixteen
      }
    }

    boolean has(InetAddress address) {
      byte[] other = address.getAddress();
      int rest = 8 * first.length - bits;
      return other.length == first.length
          && new BigInteger(1, other)
              .shiftRight(rest)
              .equals(new BigInteger(1, first).shiftRight(rest));
    }
  }

  /** As {@link #of} takes them. */
  public List<String> words() {
    return networks.stream().map(Network::toString).toList();
  }

  /**
   * @param networks each as in {@code 192.168.1.5} or {@code fd00::/8}
   * @throws SoleboxException if one is none
   */
  public static Proxies of(List<String> networks) {
    return new Proxies(networks.stream().map(Proxies::network).toList());
  }

  private static Network network(String text) {
    String[] parts = text.strip().split("/", -1);
    try {
      byte[] first = InetAddress.ofLiteral(parts[0]).getAddress();
      int bits = parts.length == 1 ? 8 * first.length : Integer.parseInt(parts[1]);
      if (parts.length <= 2 && bits >= 0 && bits <= 8 * first.length) {
        return new Network(first, bits);
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        "proxy",
        "'" + text + "' is no address of a proxy.",
        "Write an address, or a network as in 192.168.1.0/24 or fd00::/8.");
  }

  public boolean isEmpty() {
    return networks.isEmpty();
  }

  boolean trusts(InetAddress address) {
    return networks.stream().anyMatch(network -> network.has(address));
  }
}
