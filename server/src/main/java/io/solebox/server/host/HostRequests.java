package io.solebox.server.host;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Requests to a machine as they are written in files, and read again by whoever does them. */
public final class HostRequests {
  /** Longer ones are refused unread. */
  public static final int MOST_BYTES = 16 << 10;

  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

  private HostRequests() {}

  /**
   * A request with the id by which its result is found.
   *
   * @param id 128 random bits in hexadecimal, which also stand in the file's name
   */
  public record Written(String id, HostRequest request) {
    public Written {
      requireId(id);
    }

    /** As it stands in its file. */
    public byte[] bytes() {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("id", id);
      all.put("kind", request.kind());
      all.putAll(request.fields());
      return new JsonWriter().bytes(all);
    }
  }

  static void requireId(String id) {
    HostRequest.Rule.require(ID, id, "id", "32 digits of hexadecimal");
  }

  static String word(HostRequest.Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a file of {@link Written#bytes}.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if it is no request, of no kind that is
   *     known, or holds anything that is not
   */
  public static Written read(byte[] bytes) {
    HostRequest.Rule.check(bytes.length <= MOST_BYTES, "request", "is longer than any request is");
    Map<String, Object> all;
    try {
      all = new LinkedHashMap<>(new JsonReader(JsonLimits.LOCAL).readObject(bytes));
    } catch (JsonException e) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "request",
          "The request is no JSON object.",
          "This is for the server to write.",
          e);
    }
    String id = new Members(all).text("id");
    all.remove("id");
    String kind = new Members(all).text("kind");
    all.remove("kind");
    return new Written(id, of(kind, all));
  }

  /**
   * @param fields without {@code id} and {@code kind}
   * @throws SoleboxException {@code INVALID_PARAMETER}
   */
  public static HostRequest of(String kind, Map<String, Object> fields) {
    Members members = new Members(fields);
    HostRequest request =
        switch (kind) {
          case "network" -> network(members);
          case "network-keep" -> new HostRequest.NetworkKeep(members.text("of"));
          case "air-gap" -> new HostRequest.Gap(members.flag("on"));
          case "name" -> new HostRequest.Name(members.text("name"));
          case "time-zone" -> new HostRequest.TimeZone(members.text("zone"));
          case "power" -> new HostRequest.Power(members.flag("restart"));
          case "update" -> new HostRequest.Update(members.flag("allow_older"));
          case "update-back" -> new HostRequest.UpdateBack();
          default ->
              throw new SoleboxException(
                  ErrorCode.INVALID_PARAMETER,
                  "kind",
                  "There is no request of this kind.",
                  "Known are network, network-keep, air-gap, name, time-zone, power, update and"
                      + " update-back.");
        };
    members.settle();
    return request;
  }

  private static HostRequest network(Members members) {
    HostRequest.Mode mode =
        switch (members.text("mode")) {
          case "dhcp" -> HostRequest.Mode.DHCP;
          case "static" -> HostRequest.Mode.STATIC;
          case "none" -> HostRequest.Mode.NONE;
          default ->
              throw new SoleboxException(
                  ErrorCode.INVALID_PARAMETER,
                  "mode",
                  "'mode' is no way to be connected.",
                  "Write dhcp, static or none.");
        };
    Optional<String> passphrase = members.maybe("passphrase");
    Optional<String> ssid = members.maybe("ssid");
    HostRequest.Rule.check(passphrase.isEmpty() || ssid.isPresent(), "ssid", "is missing");
    return new HostRequest.Network(
        members.maybe("device"),
        mode,
        members.maybe("address"),
        members.maybe("gateway"),
        members.texts("dns"),
        ssid.map(name -> new HostRequest.Wireless(name, passphrase)),
        members.number("minutes", HostRequest.Network.USUAL_MINUTES));
  }

  /** Members by type; what nobody has asked for is refused in the end. */
  private static final class Members {
    private final Map<String, Object> all;
    private final Set<String> read = new HashSet<>();

    Members(Map<String, Object> all) {
      this.all = all;
    }

    Optional<String> maybe(String name) {
      read.add(name);
      return Optional.ofNullable(all.get(name))
          .map(
              value -> {
                HostRequest.Rule.check(value instanceof String, name, "must be a text");
                return (String) value;
              })
          .filter(text -> !text.isEmpty());
    }

    String text(String name) {
      Optional<String> text = maybe(name);
      HostRequest.Rule.check(text.isPresent(), name, "is missing");
      return text.orElseThrow();
    }

    List<String> texts(String name) {
      read.add(name);
      List<String> texts = new ArrayList<>();
      if (all.get(name) != null) {
        HostRequest.Rule.check(all.get(name) instanceof List<?>, name, "must be a list");
        for (Object each : (List<?>) all.get(name)) {
          HostRequest.Rule.check(each instanceof String, name, "must hold texts");
          texts.add((String) each);
        }
      }
      return texts;
    }

    boolean flag(String name) {
      read.add(name);
      HostRequest.Rule.check(all.get(name) instanceof Boolean, name, "must be true or false");
      return (Boolean) all.get(name);
    }

    int number(String name, int absent) {
      read.add(name);
      Object value = all.getOrDefault(name, (long) absent);
      HostRequest.Rule.check(
          value instanceof Long whole && whole >= 0 && whole <= Integer.MAX_VALUE,
          name,
          "must be a whole number");
      return Math.toIntExact((Long) value);
    }

    void settle() {
      for (String name : all.keySet()) {
        HostRequest.Rule.check(read.contains(name), name, "is nothing that this kind has");
      }
    }
  }
}
