package io.solebox.server.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the kernel's files say is what Java says. */
class KernelAddressesTest {
  @Test
  void filesSayWhatJavaSays() throws IOException {
    Stream<InetAddress> java =
        NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses);
    assertEquals(bytes(java), bytes(KernelAddresses.all().stream()));
  }

  @Test
  void addressesOfThisMachineAreToldFromOthers() {
    List<String> routes =
        """
        Main:
          +-- 0.0.0.0/0 3 0 5
             |-- 0.0.0.0
                /0 universe UNICAST
             +-- 192.0.2.0/24 2 0 2
                |-- 192.0.2.0
                   /24 link UNICAST
                |-- 192.0.2.2
                   /32 host LOCAL
                |-- 192.0.2.255
                   /32 link BROADCAST
        """
            .lines()
            .toList();
    assertEquals(List.of(InetAddress.ofLiteral("192.0.2.2")), KernelAddresses.ofRoutes(routes));
    assertEquals(
        List.of(InetAddress.ofLiteral("fd00::2")),
        KernelAddresses.ofInterfaces(
            List.of("fd000000000000000000000000000002 04 40 00 82     eth0")));
    assertEquals(List.of(), KernelAddresses.ofRoutes(List.of()));
  }

  private static Set<String> bytes(Stream<InetAddress> addresses) {
    return addresses
        .map(address -> Arrays.toString(address.getAddress()))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
