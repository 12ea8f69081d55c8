package io.solebox.hardware.bundle;

import java.util.Locale;
import java.util.Set;
import java.util.function.ToIntBiFunction;
import java.util.regex.Pattern;

/** What an identity looks like, and what stands for one; tried in this order. */
enum Shape {
  UUID(hex(8) + "-" + hex(4) + "-" + hex(4) + "-" + hex(4) + "-" + hex(12)),
  /** Of NVMe, iSCSI and SCSI devices, with what their makers call them in it. */
  NAME("(nqn|iqn|eui|naa|wwn)[.-][0-9A-Za-z.:_-]+"),
  IPV6("[0-9A-Fa-f]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:]*"),
  EUI64(hex(2) + ("-" + hex(2)).repeat(7)),
  MAC(hex(2) + ("[:-]" + hex(2)).repeat(5)),
  /** Of a sensor on a 1-wire bus: its family, and its number. */
  WIRE(hex(2) + "-" + hex(12)),
  IPV4("[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+"),
  /** As in {@code /etc/machine-id}. */
  ID32(hex(32));

  private final Pattern pattern;

  Shape(String regex) {
    pattern = Pattern.compile(regex);
  }

  private static String hex(int digits) {
    return "[0-9A-Fa-f]".repeat(digits);
  }

  Pattern pattern() {
    return pattern;
  }

  /**
   * What stands for a token; the token itself where it is no identity.
   *
   * @param numbers the number of a key among those of its kind
   */
  String standIn(String token, ToIntBiFunction<String, String> numbers) {
    String key = token.toLowerCase(Locale.ROOT);
    return switch (this) {
      case UUID -> "00000000-0000-0000-0000-" + digits(12, numbers.applyAsInt("UUID", key));
      case NAME -> key.substring(0, 3) + ".id-" + numbers.applyAsInt("device name", key);
      case IPV6 -> isIpv6(key) ? "2001:db8::" + numbers.applyAsInt("IP address", key) : token;
      case EUI64 -> "device-" + numbers.applyAsInt("device id", key);
      case MAC -> mac(token, key.replaceAll("[:-]", ""), numbers);
      case WIRE -> key.substring(0, 3) + digits(12, numbers.applyAsInt("sensor id", key));
      case IPV4 -> isIpv4(token) ? ipv4(numbers.applyAsInt("IP address", token)) : token;
      case ID32 -> digits(32, numbers.applyAsInt("machine id", key));
    };
  }

  private static String mac(String token, String key, ToIntBiFunction<String, String> numbers) {
    if (key.equals("000000000000") || key.equals("ffffffffffff")) {
      return token;
    }
    String between = token.substring(2, 3);
    return ("02" + between + "00" + between + "00" + between + "00" + between)
        + octets(between, numbers.applyAsInt("MAC address", key));
  }

  private static String ipv4(int number) {
    return "198.18." + number / 256 + "." + number % 256; // RFC 2544: for benchmarks alone
  }

  private static String octets(String between, int number) {
    return String.format(Locale.ROOT, "%02x%s%02x", number / 256, between, number % 256);
  }

  private static String digits(int count, int number) {
    return String.format(Locale.ROOT, "%0" + count + "d", number);
  }

  /** And no PCI address, and no time of day. */
  private static boolean isIpv6(String token) {
    String[] groups = token.split(":", -1);
    if (groups.length != 8 || token.contains("::")) {
      return token.matches(
              "(fe[89ab][0-9a-f]|f[cd][0-9a-f][0-9a-f]|[23][0-9a-f][0-9a-f][0-9a-f]):.*")
          && token.contains("::");
    }
    for (String group : groups) {
      if (group.isEmpty() || group.length() > 4) {
        return false;
      }
    }
    return true;
  }

  /** And neither a version, nor what every machine has. */
  private static boolean isIpv4(String token) {
    String[] octets = token.split("[.]");
    for (String octet : octets) {
      boolean padded = octet.length() > 1 && octet.startsWith("0");
      if (padded || octet.length() > 3 || Integer.parseInt(octet) > 255) {
        return false;
      }
    }
    return !Set.of("0", "127", "255").contains(octets[0]);
  }

  /** Whether what was found is the whole of a word, and not a piece of one. */
  boolean isWhole(String line, int start, int end) {
    char left = start > 0 ? line.charAt(start - 1) : ' ';
    char right = end < line.length() ? line.charAt(end) : ' ';
    char next = end + 1 < line.length() ? line.charAt(end + 1) : ' ';
    boolean dotted = left == '.' || (right == '.' && next >= '0' && next <= '9');
    return isFree(line, start, end) && !(this == IPV4 && dotted);
  }

  /** Whether neither a letter nor a digit is beside it. */
  static boolean isFree(String line, int start, int end) {
    return (start == 0 || !isWord(line.charAt(start - 1)))
        && (end == line.length() || !isWord(line.charAt(end)));
  }

  private static boolean isWord(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  }
}
