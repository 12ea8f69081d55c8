package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.pci.PciLink;
import java.util.List;
import java.util.regex.MatchResult;

/**
 * A link that the kernel says to be narrower than a device behind it, as it found it at its start.
 *
 * @param device behind it
 * @param port whose link it is
 * @param link what it is
 * @param able what the device can do
 * @param isTunnel whether that port leads through Thunderbolt or USB4, and its figures are made up
 */
public record Bottleneck(
    PciAddress device,
    PciAddress port,
    PciLink link,
    PciLink able,
    boolean isTunnel,
    LogLine line) {
  /** What tunnels always claim, whatever they carry. */
  private static final double TUNNEL_CLAIMS = 2.5;

  /** All that a log says. */
  public static List<Bottleneck> all(KernelLog log) {
    boolean tunnels = Wording.TUNNEL.in(log).findFirst().isPresent();
    return Wording.AVAILABLE_BANDWIDTH
        .in(log)
        .map(hit -> of(hit.match(), hit.line(), tunnels))
        .toList();
  }

  private static Bottleneck of(MatchResult match, LogLine line, boolean tunnels) {
    PciLink link =
        new PciLink(Double.parseDouble(match.group(3)), Integer.parseInt(match.group(4)));
    PciLink able =
        new PciLink(Double.parseDouble(match.group(7)), Integer.parseInt(match.group(8)));
    return new Bottleneck(
        PciAddress.of(match.group(1)).orElseThrow(),
        PciAddress.of(match.group(5)).orElseThrow(),
        link,
        able,
        link.transfers() == TUNNEL_CLAIMS && (tunnels || able.transfers() == TUNNEL_CLAIMS),
        line);
  }
}
