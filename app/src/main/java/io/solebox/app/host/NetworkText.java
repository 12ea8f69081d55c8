package io.solebox.app.host;

import io.solebox.server.host.HostRequest.Mode;
import io.solebox.server.host.HostRequest.Network;
import io.solebox.server.host.HostRequest.Wireless;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * How a connection is written for those who make it: systemd.network(5), and iwd.network(5) for the
 * radio.
 */
final class NetworkText {
  private NetworkText() {}

  /**
   * The file of systemd-networkd.
   *
   * @param airGap whether nobody is asked for names
   */
  static String network(Network wish, boolean airGap) {
    StringBuilder text = new StringBuilder();
    text.append("# Written by 'solebox host apply' as its owner chose in the browser; the next");
    text.append(" choice replaces it.\n[Match]\n");
    text.append(wish.device().map(name -> "Name=" + name + "\n").orElse("Type=ether\nKind=!*\n"));
    text.append("\n[Link]\nRequiredForOnline=no\n");
    if (wish.mode() == Mode.NONE) {
      text.append("ActivationPolicy=always-down\n");
    }
    text.append("\n[Network]\n");
    text.append(
        switch (wish.mode()) {
          case DHCP -> "DHCP=yes\n";
          case STATIC, NONE -> "DHCP=no\nIPv6AcceptRA=no\n";
        });
    wish.address().ifPresent(at -> text.append("Address=").append(at).append('\n'));
    wish.gateway().ifPresent(at -> text.append("Gateway=").append(at).append('\n'));
    text.append("LLMNR=no\nMulticastDNS=no\n");
    List<String> dns = airGap ? List.of() : wish.dns();
    dns.forEach(at -> text.append("DNS=").append(at).append('\n'));
    if (wish.mode() == Mode.DHCP) {
      String asked = airGap || !wish.dns().isEmpty() ? "no" : "yes";
      for (String section : List.of("DHCPv4", "DHCPv6", "IPv6AcceptRA")) {
        text.append("\n[").append(section).append("]\nUseDNS=").append(asked).append('\n');
        text.append(section.startsWith("DHCP") ? "UseNTP=" + asked + "\n" : "");
      }
    }
    return text.toString();
  }

  /** The name of iwd's file of a network: plain where its letters are, in hexadecimal elsewhere. */
  static String radioFile(Wireless radio) {
    String kind = radio.passphrase().isPresent() ? ".psk" : ".open";
    return radio.ssid().matches("[A-Za-z0-9_-][A-Za-z0-9_ -]*")
        ? radio.ssid() + kind
        : "=" + HexFormat.of().formatHex(radio.ssid().getBytes(StandardCharsets.UTF_8)) + kind;
  }

  /** That file. Of its letters two mean something in it: a backslash, and a space at the front. */
  static String radio(Wireless radio) {
    String secret =
        radio
            .passphrase()
            .map(words -> words.replace("\\", "\\\\").replaceFirst("^ ", "\\\\s"))
            .map(words -> "[Security]\nPassphrase=" + words + "\n\n")
            .orElse("");
    return secret + "[Settings]\nAutoConnect=true\n";
  }
}
