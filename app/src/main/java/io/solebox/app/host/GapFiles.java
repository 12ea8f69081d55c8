package io.solebox.app.host;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The air gap as root sees it: what the server's unit is started with, and what the firewall lets
 * out. The third wall is the server's own.
 */
final class GapFiles {
  /** The server's unit is held by this, which is beside what its package brings. */
  static final String UNIT = "etc/systemd/system/solebox.service.d/air-gap.conf";

  /** There where the firewall is open; a machine that starts has it closed. */
  private static final String OPENED = "var/lib/solebox-host/air-gap-off";

  private static final String CLOSED_RULES = "etc/nftables.conf";
  private static final String OPEN_RULES = "etc/nftables-open.conf";

  /** Those who may be answered: networks that no router passes on to others (RFC 1918, 4193). */
  private static final String TEXT =
      """
      # Written by 'solebox host apply': the air gap of the server. Removed when its owner ends it.
      [Service]
      Environment=SOLEBOX_AIR_GAP=1
      IPAddressDeny=any
      IPAddressAllow=localhost link-local 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7
      """;

  private final HostFiles files;
  private final HostTools tools;

  GapFiles(HostFiles files, HostTools tools) {
    this.files = files;
    this.tools = tools;
  }

  boolean isClosed() {
    return files.exists(UNIT);
  }

  /**
   * Closes or opens it.
   *
   * @return what was done and what was not, for people
   */
  Map<String, Object> set(boolean on) throws IOException, InterruptedException {
    files.restore(OPENED, on ? Optional.empty() : Optional.of("The air gap is off.\n"));
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("firewall", firewall(on));
    files.restore(UNIT, on ? Optional.of(TEXT) : Optional.empty());
    run(List.of("systemctl", "daemon-reload"));
    // Not waited for: the server that has asked is the one that ends.
    run(List.of("systemctl", "restart", "--no-block", "solebox.service"));
    return told;
  }

  /** After a start: rules are the kernel's, and gone with it. */
  Optional<String> afterStart() throws InterruptedException {
    return files.exists(OPENED) ? Optional.of(firewall(false)) : Optional.empty();
  }

  private String firewall(boolean on) throws InterruptedException {
    List<String> rules = new ArrayList<>(List.of(CLOSED_RULES));
    if (!on) {
      rules.add(OPEN_RULES);
    }
    for (String each : rules) {
      if (!files.exists(each)) {
        return "/%s is not there, so the firewall is not changed".formatted(each);
      }
    }
    for (String each : rules) {
      run(List.of("nft", "-f", files.at(each).toString()));
    }
    return on ? "closed" : "open";
  }

  private void run(List<String> command) throws InterruptedException {
    HostTools.Outcome outcome = tools.run(command);
    if (!outcome.worked()) {
      throw new SoleboxException(
          ErrorCode.DEVICE_UNAVAILABLE,
          String.join(" ", command),
          "The air gap was not changed wholly: " + outcome.words() + ".",
          "See to that, and try again.");
    }
  }
}
