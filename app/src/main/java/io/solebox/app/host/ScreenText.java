package io.solebox.app.host;

import io.solebox.app.console.QrText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a machine's screen shows.
 *
 * @param version of Solebox
 * @param addresses by which it can be called, those of IPv4 first
 * @param server what its server has written down; empty where none has started yet
 * @param listens whether somebody listens at the server's port
 */
record ScreenText(
    String version, List<String> addresses, Optional<Server> server, boolean listens) {
  /**
   * Of the server.
   *
   * @param tls whether it encrypts
   * @param fingerprint of what browsers are to trust; empty where nothing is encrypted
   * @param code that opens the setup; empty where the box is set up
   */
  record Server(int port, boolean tls, Optional<String> fingerprint, Optional<Code> code) {
    private String url(String address, String path) {
      String host = address.contains(":") ? "[" + address + "]" : address;
      boolean usual = port == (tls ? 443 : 80);
      return (tls ? "https://" : "http://") + host + (usual ? "" : ":" + port) + path;
    }
  }

  /** What is to be typed, and until when, as in {@code 14:05 UTC}. */
  record Code(String code, String until) {}

  private static final int HALF = 48;

  /** All of it, in lines of at most 60 letters. */
  String text() {
    List<String> lines = new ArrayList<>(List.of("Solebox " + version, ""));
    if (server.isEmpty()) {
      lines.add("The server is starting.");
    } else if (!listens) {
      lines.add("The server does not run. It is started again by itself;");
      lines.add("if it stays so, start the machine anew.");
    } else if (addresses.isEmpty()) {
      lines.add("There is no network. Put a cable into this machine.");
    } else {
      running(lines, server.get());
    }
    return String.join("\n", lines) + "\n";
  }

  private void running(List<String> lines, Server its) {
    String path = its.code().isPresent() ? "/setup" : "/";
    lines.add(
        its.code().isPresent()
            ? "Set it up: open this on a phone or a computer beside it."
            : "It is set up. Open it in a browser:");
    addresses.forEach(at -> lines.add("  " + its.url(at, path)));
    its.fingerprint()
        .ifPresent(
            print -> {
              lines.add("");
              lines.add("Fingerprint of its authority (SHA-256):");
              lines.add("  " + print.substring(0, Math.min(HALF, print.length())));
              lines.add("  " + print.substring(Math.min(HALF, print.length())));
            });
    its.code()
        .ifPresent(
            code -> {
              lines.add("");
              lines.add("Pairing code, until " + code.until() + ":");
              lines.add("  " + code.code());
              lines.add("");
              // Behind the #, so that no server and no log ever gets it with the address.
              String scanned = its.url(addresses.getFirst(), "/setup#" + code.code());
              lines.add(QrText.of(scanned).stripTrailing());
            });
  }
}
