package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.pattern.Budget;
import io.solebox.engine.constrain.pattern.Language;
import io.solebox.engine.constrain.pattern.Pattern;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;

/**
 * Formats of strings, as the documents say that JSON Schema (2020-12, validation, section 7.3)
 * names. What is longer than anybody writes is left out (more than 12 digits of a second).
 */
final class Formats {
  /** They say how a value is stored or shown. */
  private static final Set<String> FREE = Set.of("password", "binary", "float", "double");

  private static final java.util.regex.Pattern WIDTH =
      java.util.regex.Pattern.compile("(u?)int(8|16|32|64)");

  /**
   * How many bits an integer fits in, as formats of OpenAPI say.
   *
   * @param end the least number that is too large
   */
  record Width(BigDecimal first, BigDecimal end) {}

  private static final String DAY =
      "(?:\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)"
          + "|02-(?:0[1-9]|1\\d|2[0-8]))"
          + "|(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)";
  private static final String FRACTION = "(?:\\.\\d{1,12})?";

  /** A leap second is one in UTC; with other offsets it is left out. */
  private static final String TIME =
      "(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d"
          + FRACTION
          + "(?:[Zz]|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)|23:59:60"
          + FRACTION
          + "[Zz])";

  private static final String SECONDS = "\\d{1,18}S";
  private static final String MINUTES = "\\d{1,18}M(?:" + SECONDS + ")?";
  private static final String HOURS = "\\d{1,18}H(?:" + MINUTES + ")?";
  private static final String CLOCK = "T(?:" + HOURS + "|" + MINUTES + "|" + SECONDS + ")";
  private static final String DAYS = "\\d{1,18}D";
  private static final String MONTHS = "\\d{1,18}M(?:" + DAYS + ")?";
  private static final String YEARS = "\\d{1,18}Y(?:" + MONTHS + ")?";
  private static final String DURATION =
      "P(?:\\d{1,18}W|(?:%s|%s|%s)(?:%s)?|%s)".formatted(DAYS, MONTHS, YEARS, CLOCK, CLOCK);

  private static final String BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final String IPV4 = BYTE + "(?:\\." + BYTE + "){3}";
  private static final String IPV6 = ipv6();

  /** At most 253 characters: four labels of any length, or eight shorter ones. */
  private static final String HOSTNAME =
      "(?:(?:%s\\.){0,3}%s|(?:%s\\.){0,7}%s)".formatted(label(61), label(59), label(28), label(28));

  private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]";
  private static final String EMAIL =
      "(?=[^@]{1,64}@)" + ATOM + "+(?:\\." + ATOM + "+)*@" + HOSTNAME;

  private static final String UNRESERVED = "A-Za-z0-9\\-._~!$&'()*+,;=";
  private static final String ESCAPED = "%[0-9A-Fa-f]{2}";

  /** What an IRI has more than a URI (RFC 3987). */
  private static final String WIDE = "\\u{a0}-\\u{d7ff}\\u{f900}-\\u{fdcf}\\u{fdf0}-\\u{ffef}";

  private static final String TEMPLATE_NAME =
      "(?:[A-Za-z0-9_]|%s)+(?:\\.(?:[A-Za-z0-9_]|%s)+)*".formatted(ESCAPED, ESCAPED);
  private static final String TEMPLATE_PART = TEMPLATE_NAME + "(?::[1-9]\\d{0,3}|\\*)?";
  private static final String URI_TEMPLATE =
      "(?:[^\\x00-\\x20\"'%%<>\\\\^`{|}]|%s|\\{[+#./;?&]?%s(?:,%s)*\\})*"
          .formatted(ESCAPED, TEMPLATE_PART, TEMPLATE_PART);

  private static final String POINTER = "(?:/(?:[^~/]|~[01])*)*";
  private static final String HEX = "[0-9A-Fa-f]";

  private static final Map<String, String> PATTERNS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("date", DAY),
              Map.entry("time", TIME),
              Map.entry("date-time", DAY + "[Tt]" + TIME),
              Map.entry("duration", DURATION),
              Map.entry("email", EMAIL),
              Map.entry("hostname", HOSTNAME),
              Map.entry("ipv4", IPV4),
              Map.entry("ipv6", IPV6),
              Map.entry("uri", uri(UNRESERVED)),
              Map.entry("uri-reference", uri(UNRESERVED) + "|" + relative(UNRESERVED)),
              Map.entry("iri", uri(UNRESERVED + WIDE)),
              Map.entry(
                  "iri-reference", uri(UNRESERVED + WIDE) + "|" + relative(UNRESERVED + WIDE)),
              Map.entry("uri-template", URI_TEMPLATE),
              Map.entry("uuid", "%1$s{8}-%1$s{4}-%1$s{4}-%1$s{4}-%1$s{12}".formatted(HEX)),
              Map.entry("json-pointer", POINTER),
              Map.entry("relative-json-pointer", "(?:0|[1-9]\\d{0,17})(?:#|" + POINTER + ")"),
              Map.entry("byte", "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")));

  /** Those that were asked for; a few dozen at most. */
  private static final Map<String, Language> LANGUAGES = new ConcurrentHashMap<>();

  private Formats() {}

  /** Whether strings of this format are all strings. */
  static boolean isFree(String name) {
    return FREE.contains(name) || width(name).isPresent();
  }

  static boolean isKnown(String name) {
    return isFree(name) || PATTERNS.containsKey(name);
  }

  static Optional<Width> width(String name) {
    Matcher matcher = WIDTH.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    boolean signed = matcher.group(1).isEmpty();
    int bits = Integer.parseInt(matcher.group(2));
    BigDecimal end = new BigDecimal(BigInteger.TWO.pow(signed ? bits - 1 : bits));
    return Optional.of(new Width(signed ? end.negate() : BigDecimal.ZERO, end));
  }

  static Optional<Language> named(String name) {
    return Optional.ofNullable(PATTERNS.get(name))
        .map(pattern -> LANGUAGES.computeIfAbsent(name, _ -> Pattern.whole(pattern, new Budget())));
  }

  static Collection<String> names() {
    return new TreeSet<>(PATTERNS.keySet());
  }

  private static String label(int inner) {
    return "[A-Za-z0-9](?:[A-Za-z0-9-]{0," + inner + "}[A-Za-z0-9])?";
  }

  /** RFC 4291, section 2.2, without zones. */
  private static String ipv6() {
    String group = "[0-9A-Fa-f]{1,4}";
    String last = "(?:%s:%s|%s)".formatted(group, group, IPV4);
    StringBuilder all = new StringBuilder("(?:(?:" + group + ":){6}" + last);
    for (int before = 0; before <= 7; before++) {
      String head = before == 0 ? "" : "%s(?::%s){%d}".formatted(group, group, before - 1);
      int after = 7 - before; // at most, because :: stands for one group or more
      all.append("|").append(head).append("::");
      if (after >= 2) {
        all.append("(?:(?:%s:){0,%d}%s|%s)?".formatted(group, after - 2, last, group));
      } else if (after == 1) {
        all.append("(?:").append(group).append(")?");
      }
    }
    return all.append(")").toString();
  }

  private static String authority(String characters) {
    String name = "(?:[%s]|%s)*".formatted(characters, ESCAPED);
    String user = "(?:[%s:]|%s)*@".formatted(characters, ESCAPED);
    return "(?:%s)?(?:\\[%s\\]|%s)(?::\\d{0,5})?".formatted(user, IPV6, name);
  }

  private static String tail(String characters) {
    String part = "(?:[%s:@/?]|%s)*".formatted(characters, ESCAPED);
    return "(?:\\?%s)?(?:#%s)?".formatted(part, part);
  }

  /** RFC 3986, section 3. */
  private static String uri(String characters) {
    String pchar = "(?:[%s:@]|%s)".formatted(characters, ESCAPED);
    String path = "(?:/%s*)*".formatted(pchar);
    return "[A-Za-z][A-Za-z0-9+.\\-]*:(?://%s%s|/?(?:%s+%s)?)%s"
        .formatted(authority(characters), path, pchar, path, tail(characters));
  }

  /** RFC 3986, section 4.2. */
  private static String relative(String characters) {
    String pchar = "(?:[%s:@]|%s)".formatted(characters, ESCAPED);
    String first = "(?:[%s@]|%s)".formatted(characters, ESCAPED);
    String path = "(?:/%s*)*".formatted(pchar);
    return "(?://%s%s|/(?:%s+%s)?|(?:%s+%s)?)%s"
        .formatted(authority(characters), path, pchar, path, first, path, tail(characters));
  }
}
