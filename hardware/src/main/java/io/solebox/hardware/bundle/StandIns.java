package io.solebox.hardware.bundle;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts stand-ins where a text names one machine or person: serial numbers, MAC addresses, UUIDs,
 * other identities of devices, IP addresses, names of hosts and of users. The same thing has the
 * same stand-in throughout a bundle, and no stand-in says anything of what it stands for. {@code
 * scripts/collect.sh} has the same rules in awk, so they are such as awk can say: no look-behind,
 * no counted repetition.
 */
final class StandIns {
  /** Words before what is a serial number to the end of its line. */
  private static final Pattern SERIAL =
      Pattern.compile(
          "[Ss][Ee][Rr][Ii][Aa][Ll][ _]?[Nn][A-Za-z.]*[ \t]*:[ \t]*"
              + "|(GUID|Asset Tag)[ \t]*:[ \t]*"
              + "|^Serial[ \t]*:[ \t]*");

  private static final Set<String> NO_SERIAL = Set.of("", "N/A", "[N/A]", "0", "None", "Unknown");
  private static final Pattern TRAILING = Pattern.compile("[ \t\r]*$");
  private static final Pattern SHORT_UUID = Pattern.compile("UUID=[0-9A-Fa-f-]+");
  private static final Pattern HOME = Pattern.compile("/home/[^/ \t:,;\"'\r]+");
  private static final Pattern UNAME = Pattern.compile("^Linux [^ ]+ ");
  private static final Pattern SYSLOG =
      Pattern.compile("^[A-Z][a-z][a-z] [ 0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9.]+ [^ ]+ ");
  private static final Pattern ISO =
      Pattern.compile("^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[^ ]+ [^ ]+ ");

  private static final int UUID_LENGTH = 36;

  /** Names that many machines and accounts have, some of which logs say for other reasons. */
  private static final Set<String> COMMON =
      Set.of(
          ("admin ai alarm arch box config cuda daemon data debian default desktop dev fedora gpu"
                  + " home host kernel laptop linux llm local localhost machine mail main ml model"
                  + " models node nova nouveau nvidia pci pcie raspberrypi rocky root server solebox"
                  + " sys system systemd test ubuntu unknown usb user users version")
              .split(" "));

  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, Integer> counts = new TreeMap<>();

  /** What a name is found by, and what stands for it, in the order in which they became known. */
  private final Map<Pattern, String> names = new LinkedHashMap<>();

  /** How many things of each kind have one, by the kind's name. */
  Map<String, Integer> counts() {
    return new TreeMap<>(counts);
  }

  private int number(String kind, String key) {
    return numbers.computeIfAbsent(kind + "\n" + key, _ -> counts.merge(kind, 1, Integer::sum));
  }

  /** Makes a host's name known, so that it is replaced wherever it stands as a word. */
  void host(String name) {
    String first = name.split("[.]", 2)[0];
    if (isTelling(first) && isNew("host name", first)) {
      String standIn = "host" + number("host name", first);
      String domain = "([.][A-Za-z][A-Za-z0-9-]*)*";
      names.put(Pattern.compile(first + domain), standIn);
      if (first.contains("-")) {
        // As the device mapper writes it: vm--1-root.
        names.put(Pattern.compile(first.replace("-", "--")), standIn);
      }
    }
  }

  /** Makes a user's name known. */
  void user(String name) {
    if (isTelling(name) && isNew("user name", name)) {
      names.put(Pattern.compile(name.replace(".", "[.]")), "user" + number("user name", name));
    }
  }

  private static boolean isTelling(String name) {
    return name.length() > 2 && name.matches("[A-Za-z0-9._-]+") && !COMMON.contains(name);
  }

  private boolean isNew(String kind, String name) {
    return !numbers.containsKey(kind + "\n" + name);
  }

  /** The name of a file or of a link's target, of which only that of a sensor is an identity. */
  String path(String path) {
    return each(path, Shape.WIRE.pattern(), Shape.WIRE::isWhole, this::wire);
  }

  private String wire(String token) {
    return Shape.WIRE.standIn(token, this::number);
  }

  /** A whole text, by its lines; where there is any, it ends with the end of a line. */
  String text(String file, String text) {
    StringBuilder replaced = new StringBuilder();
    String[] lines = text.split("\n", -1);
    int count = text.endsWith("\n") || text.isEmpty() ? lines.length - 1 : lines.length;
    for (int i = 0; i < count; i++) {
      replaced.append(line(file, lines[i])).append('\n');
    }
    return replaced.toString();
  }

  private String line(String file, String line) {
    if (file.equals("uname.txt")) {
      learnHost(UNAME.matcher(line), line);
    }
    learnHost(SYSLOG.matcher(line), line);
    learnHost(ISO.matcher(line), line);
    String replaced = shortUuid(serial(line));
    for (Shape shape : Shape.values()) {
      replaced =
          each(replaced, shape.pattern(), shape::isWhole, it -> shape.standIn(it, this::number));
    }
    replaced = home(replaced);
    for (Map.Entry<Pattern, String> name : names.entrySet()) {
      replaced = each(replaced, name.getKey(), Shape::isFree, _ -> name.getValue());
    }
    return replaced;
  }

  /** The word before the last blank of what is found. */
  private void learnHost(Matcher matcher, String line) {
    if (matcher.find()) {
      String found = line.substring(0, matcher.end() - 1);
      host(found.substring(found.lastIndexOf(' ') + 1));
    }
  }

  private String serial(String line) {
    Matcher key = SERIAL.matcher(line);
    if (!key.find()) {
      return line;
    }
    Matcher trailing = TRAILING.matcher(line);
    int end = trailing.find(key.end()) ? trailing.start() : line.length();
    String value = line.substring(key.end(), end);
    return NO_SERIAL.contains(value)
        ? line
        : line.substring(0, key.end())
            + ("serial-" + number("serial number", value))
            + line.substring(end);
  }

  /** Of a partition, or of a file system of another make. */
  private String shortUuid(String line) {
    int prefix = "UUID=".length();
    return each(
        line,
        SHORT_UUID,
        (_, _, _) -> true,
        token ->
            token.length() == prefix + UUID_LENGTH
                ? token
                : "UUID=id-" + number("UUID", token.substring(prefix)));
  }

  private String home(String line) {
    int prefix = "/home/".length();
    return each(
        line,
        HOME,
        (_, _, _) -> true,
        token -> {
          String name = token.substring(prefix);
          if (COMMON.contains(name)) {
            return token;
          }
          user(name);
          return "/home/user" + number("user name", name);
        });
  }

  private interface Boundary {
    boolean holds(String line, int start, int end);
  }

  /** Replaces all that is found within its boundaries, from left to right. */
  private static String each(
      String line, Pattern pattern, Boundary boundary, UnaryOperator<String> standIn) {
    Matcher matcher = pattern.matcher(line);
    if (!matcher.find()) {
      return line;
    }
    StringBuilder done = new StringBuilder();
    int from = 0;
    do {
      int start = matcher.start();
      String found = matcher.group();
      String instead = boundary.holds(line, start, matcher.end()) ? standIn.apply(found) : found;
      boolean kept = instead.equals(found);
      done.append(line, from, start).append(kept ? found.substring(0, 1) : instead);
      from = kept ? start + 1 : matcher.end();
    } while (matcher.find(from));
    return done.append(line.substring(from)).toString();
  }
}
