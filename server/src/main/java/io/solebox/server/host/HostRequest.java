package io.solebox.server.host;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Something that a server wants of its machine and has no right to do itself. It is data, and never
 * a line for a shell: whoever makes one is held to what is checked here, and whoever does it checks
 * the same again, since it reads what the server has written.
 *
 * <p>A new kind is one more record here, a line in {@link HostRequests}, and what does it.
 */
public sealed interface HostRequest {
  /** Of how the machine is connected, what the owner chooses. */
  enum Mode {
    /** Addresses by DHCP and router advertisements. */
    DHCP,
    /** An address that the owner has written. */
    STATIC,
    /** No connection: the machine answers at its own screen alone. */
    NONE
  }

  /**
   * How the machine is connected.
   *
   * @param device as in {@code enp1s0}; empty for each that has a cable
   * @param address of a static connection with its prefix, as in {@code 192.168.1.20/24}
   * @param gateway of a static connection; empty where nothing beyond the own network is to answer
   * @param dns who is asked for names; nobody is in the air gap
   * @param wireless which network the radio joins; empty for a cable
   * @param minutes after which what was before comes back if nobody has said that the machine can
   *     be reached
   */
  record Network(
      Optional<String> device,
      Mode mode,
      Optional<String> address,
      Optional<String> gateway,
      List<String> dns,
      Optional<Wireless> wireless,
      int minutes)
      implements HostRequest {
    /** So long somebody has to find the machine at its new address, where nothing else is said. */
    public static final int USUAL_MINUTES = 5;

    private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,14}");
    private static final int MOST_DNS = 3;
    private static final int MOST_MINUTES = 60;

    public Network {
      dns = List.copyOf(dns);
      device.ifPresent(name -> Rule.require(DEVICE, name, "device", "the name of a network card"));
      Rule.check(
          address.isPresent() == (mode == Mode.STATIC), "address", "goes with a static connection");
      Rule.check(
          gateway.isEmpty() || mode == Mode.STATIC, "gateway", "goes with a static connection");
      Rule.check(
          wireless.isEmpty() || device.isPresent(), "device", "must name the card of the radio");
      Rule.check(
          wireless.isEmpty() || mode != Mode.NONE,
          "ssid",
          "is for a connection, and none is meant");
      Rule.check(
          minutes >= 1 && minutes <= MOST_MINUTES, "minutes", "must be 1 to " + MOST_MINUTES);
      Rule.check(dns.size() <= MOST_DNS, "dns", "holds too many; " + MOST_DNS + " are enough");
      address.ifPresent(Network::requireAddress);
      gateway.ifPresent(text -> Rule.address(text, "gateway"));
      dns.forEach(text -> Rule.address(text, "dns"));
    }

    private static void requireAddress(String text) {
      String[] parts = text.split("/", -1);
      Rule.check(parts.length == 2, "address", "needs its prefix, as in 192.168.1.20/24");
      InetAddress at = Rule.address(parts[0], "address");
      int bits = at.getAddress().length * 8;
      Rule.check(
          parts[1].matches("[1-9]\\d{0,2}") && Integer.parseInt(parts[1]) <= bits,
          "address",
          "has a prefix of 1 to " + bits);
      Rule.check(
          !at.isLoopbackAddress() && !at.isMulticastAddress() && !at.isAnyLocalAddress(),
          "address",
          "must be one that others can call");
    }

    @Override
    public String kind() {
      return "network";
    }

    @Override
    public Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      device.ifPresent(name -> fields.put("device", name));
      fields.put("mode", HostRequests.word(mode));
      address.ifPresent(text -> fields.put("address", text));
      gateway.ifPresent(text -> fields.put("gateway", text));
      fields.put("dns", dns);
      wireless.ifPresent(
          radio -> {
            fields.put("ssid", radio.ssid());
            radio.passphrase().ifPresent(secret -> fields.put("passphrase", secret));
          });
      fields.put("minutes", minutes);
      return fields;
    }
  }

  /**
   * A network of the radio.
   *
   * @param passphrase empty for one that everybody may join
   */
  record Wireless(String ssid, Optional<String> passphrase) {
    private static final int MOST_SSID_BYTES = 32;
    private static final Pattern PASSPHRASE = Pattern.compile("[\\x20-\\x7e]{8,63}");

    public Wireless {
      int bytes = ssid.getBytes(StandardCharsets.UTF_8).length;
      Rule.check(
          bytes >= 1 && bytes <= MOST_SSID_BYTES && ssid.chars().noneMatch(Character::isISOControl),
          "ssid",
          "is the name of a wireless network, of at most " + MOST_SSID_BYTES + " bytes");
      passphrase.ifPresent(
          secret ->
              Rule.check(
                  PASSPHRASE.matcher(secret).matches(),
                  "passphrase",
                  "has 8 to 63 letters of ASCII"));
    }

    /** Without the secret. */
    @Override
    public String toString() {
      return "Wireless[" + ssid + "]";
    }
  }

  /**
   * That the machine was found where a request has put it.
   *
   * @param of the request's id, which nobody else knows
   */
  record NetworkKeep(String of) implements HostRequest {
    public NetworkKeep {
      HostRequests.requireId(of);
    }

    @Override
    public String kind() {
      return "network-keep";
    }

    @Override
    public Map<String, Object> fields() {
      return Map.of("of", of);
    }
  }

  /** Whether packets may leave the machine that nobody has asked for from outside. */
  record Gap(boolean on) implements HostRequest {
    @Override
    public String kind() {
      return "air-gap";
    }

    @Override
    public Map<String, Object> fields() {
      return Map.of("on", on);
    }
  }

  /** What the machine is called on its network (RFC 1123, one label). */
  record Name(String name) implements HostRequest {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    public Name {
      Rule.require(
          LABEL, name, "name", "a name for a machine: small letters, digits and dashes inside");
    }

    @Override
    public String kind() {
      return "name";
    }

    @Override
    public Map<String, Object> fields() {
      return Map.of("name", name);
    }
  }

  /** In which zone the machine's days begin, as in {@code Europe/Berlin}. */
  record TimeZone(String zone) implements HostRequest {
    private static final Pattern ZONE =
        Pattern.compile("[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,2}");

    public TimeZone {
      Rule.require(ZONE, zone, "zone", "a time zone, as in Europe/Berlin");
    }

    @Override
    public String kind() {
      return "time-zone";
    }

    @Override
    public Map<String, Object> fields() {
      return Map.of("zone", zone);
    }
  }

  /** Ends the machine, or starts it anew. */
  record Power(boolean restart) implements HostRequest {
    @Override
    public String kind() {
      return "power";
    }

    @Override
    public Map<String, Object> fields() {
      return Map.of("restart", restart);
    }
  }

  /**
   * Installs the update that lies in the data folder, to the slot that does not run.
   *
   * @param allowOlder whether it may be of an older version than the one that runs
   */
  record Update(boolean allowOlder) implements HostRequest {
    @Override
    public String kind() {
      return "update";
    }

    @Override
    public Map<String, Object> fields() {
      return Map.of("allow_older", allowOlder);
    }
  }

  /** Lets the other slot's system be started next. */
  record UpdateBack() implements HostRequest {
    @Override
    public String kind() {
      return "update-back";
    }

    @Override
    public Map<String, Object> fields() {
      return Map.of();
    }
  }

  /** By which requests tell what they want. */
  String kind();

  /** What else it says, as JSON has it. */
  Map<String, Object> fields();

  /** How what is written is checked. */
  final class Rule {
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]{2,45}");

    private Rule() {}

    static void check(boolean holds, String place, String what) {
      if (!holds) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            place,
            "'" + place + "' " + what + ".",
            "Change it, and send it again.");
      }
    }

    static void require(Pattern pattern, String text, String place, String what) {
      check(pattern.matcher(text).matches(), place, "is " + what);
    }

    /** An address as it is written; no name is looked up. */
    static InetAddress address(String text, String place) {
      check(ADDRESS.matcher(text).matches(), place, "is an address, as in 192.168.1.1 or fd00::1");
      try {
        return InetAddress.ofLiteral(text);
      } catch (IllegalArgumentException e) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            place,
            "'" + place + "' is no address.",
            "Write it as in 192.168.1.1 or fd00::1.",
            e);
      }
    }
  }
}
