package io.solebox.engine.regex;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Sets of code points by the names that patterns have for them. */
final class Properties {
  private static final CodePointSet LINE_FEED = CodePointSet.of('\n');

  /** General categories in the order of the constants of {@link Character}. */
  private static final Map<String, Integer> CATEGORIES =
      Map.ofEntries(
          Map.entry("cn", 1 << Character.UNASSIGNED),
          Map.entry("lu", 1 << Character.UPPERCASE_LETTER),
          Map.entry("ll", 1 << Character.LOWERCASE_LETTER),
          Map.entry("lt", 1 << Character.TITLECASE_LETTER),
          Map.entry("lm", 1 << Character.MODIFIER_LETTER),
          Map.entry("lo", 1 << Character.OTHER_LETTER),
          Map.entry("mn", 1 << Character.NON_SPACING_MARK),
          Map.entry("me", 1 << Character.ENCLOSING_MARK),
          Map.entry("mc", 1 << Character.COMBINING_SPACING_MARK),
          Map.entry("nd", 1 << Character.DECIMAL_DIGIT_NUMBER),
          Map.entry("nl", 1 << Character.LETTER_NUMBER),
          Map.entry("no", 1 << Character.OTHER_NUMBER),
          Map.entry("zs", 1 << Character.SPACE_SEPARATOR),
          Map.entry("zl", 1 << Character.LINE_SEPARATOR),
          Map.entry("zp", 1 << Character.PARAGRAPH_SEPARATOR),
          Map.entry("cc", 1 << Character.CONTROL),
          Map.entry("cf", 1 << Character.FORMAT),
          Map.entry("co", 1 << Character.PRIVATE_USE),
          Map.entry("cs", 1 << Character.SURROGATE),
          Map.entry("pd", 1 << Character.DASH_PUNCTUATION),
          Map.entry("ps", 1 << Character.START_PUNCTUATION),
          Map.entry("pe", 1 << Character.END_PUNCTUATION),
          Map.entry("pc", 1 << Character.CONNECTOR_PUNCTUATION),
          Map.entry("po", 1 << Character.OTHER_PUNCTUATION),
          Map.entry("pi", 1 << Character.INITIAL_QUOTE_PUNCTUATION),
          Map.entry("pf", 1 << Character.FINAL_QUOTE_PUNCTUATION),
          Map.entry("sm", 1 << Character.MATH_SYMBOL),
          Map.entry("sc", 1 << Character.CURRENCY_SYMBOL),
          Map.entry("sk", 1 << Character.MODIFIER_SYMBOL),
          Map.entry("so", 1 << Character.OTHER_SYMBOL));

  /** Long names of groups of categories. */
  private static final Map<String, String> GROUPS =
      Map.of(
          "letter", "l",
          "mark", "m",
          "number", "n",
          "punctuation", "p",
          "symbol", "s",
          "separator", "z",
          "other", "c",
          "lc", "casedletter");

  /** Those that were asked for: all characters are looked at for a script, and names are few. */
  private static final Map<String, CodePointSet> KNOWN = new ConcurrentHashMap<>();

  private Properties() {}

  /** As in {@code \s}. */
  static CodePointSet space() {
    return categories(mask("zs") | mask("zl") | mask("zp"))
        .union(CodePointSet.range('\t', '\r'))
        .union(CodePointSet.of(0x85));
  }

  /** As in {@code \d}. */
  static CodePointSet digit() {
    return categories(mask("nd"));
  }

  /** As in {@code \w}: letters, marks, numbers and what connects them. */
  static CodePointSet word() {
    CodePointSet connectors = categories(mask("pc"));
    return group("l").union(group("m")).union(group("n")).union(connectors);
  }

  /** As in {@code .}. */
  static CodePointSet dot() {
    return LINE_FEED.complement();
  }

  /**
   * What stands in {@code \p{...}}: a general category, a group of them, a script, or one of the
   * properties of POSIX.
   */
  static Optional<CodePointSet> named(String name) {
    String key = name.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]", "");
    if (key.startsWith("^")) {
      return named(key.substring(1)).map(CodePointSet::complement);
    }
    Optional<CodePointSet> known = Optional.ofNullable(KNOWN.get(key));
    if (known.isEmpty()) {
      known = category(GROUPS.getOrDefault(key, key)).or(() -> posix(key)).or(() -> script(key));
      known.ifPresent(set -> KNOWN.put(key, set));
    }
    return known;
  }

  private static Optional<CodePointSet> category(String key) {
    if (key.equals("casedletter")) {
      return Optional.of(categories(mask("lu") | mask("ll") | mask("lt")));
    }
    if (CATEGORIES.containsKey(key)) {
      return Optional.of(categories(mask(key)));
    }
    return key.length() == 1 && "lmnpszc".contains(key)
        ? Optional.of(group(key))
        : Optional.empty();
  }

  /** All categories whose names begin with a letter. */
  private static CodePointSet group(String letter) {
    int mask = 0;
    for (Map.Entry<String, Integer> entry : CATEGORIES.entrySet()) {
      mask |= entry.getKey().startsWith(letter) ? entry.getValue() : 0;
    }
    return categories(mask);
  }

  private static int mask(String category) {
    return CATEGORIES.get(category);
  }

  private static CodePointSet categories(int mask) {
    int[] starts = Runs.STARTS;
    return CodePointSet.ofRuns(starts, start -> (mask >>> Character.getType(start) & 1) != 0);
  }

  /** Where runs of one general category begin; found when first asked for. */
  private static final class Runs {
    static final int[] STARTS =
        IntStream.of(CodePointSet.undivided())
            .filter(c -> c == 0 || Character.getType(c) != Character.getType(c - 1))
            .toArray();
  }

  private static Optional<CodePointSet> posix(String key) {
    return switch (key) {
      case "alpha", "alphabetic" -> Optional.of(CodePointSet.where(Character::isAlphabetic));
      case "digit" -> Optional.of(digit());
      case "alnum" ->
          Optional.of(CodePointSet.where(c -> Character.isAlphabetic(c) || Character.isDigit(c)));
      case "upper", "uppercase" -> Optional.of(CodePointSet.where(Character::isUpperCase));
      case "lower", "lowercase" -> Optional.of(CodePointSet.where(Character::isLowerCase));
      case "space", "whitespace" -> Optional.of(space());
      case "blank" -> Optional.of(categories(mask("zs")).union(CodePointSet.of('\t')));
      case "punct" ->
          category("p").map(set -> set.union(category("s").orElseThrow().intersection(ascii())));
      case "cntrl" -> Optional.of(categories(mask("cc")));
      case "xdigit" -> Optional.of(hexDigits());
      case "word" -> Optional.of(word());
      case "ascii" -> Optional.of(ascii());
      case "any" -> Optional.of(CodePointSet.ALL);
      case "graph" -> Optional.of(graph());
      case "print" -> Optional.of(graph().union(categories(mask("zs"))));
      case "emoji" -> Optional.of(CodePointSet.where(Character::isEmoji));
      case "ideographic" -> Optional.of(CodePointSet.where(Character::isIdeographic));
      default -> Optional.empty();
    };
  }

  private static CodePointSet ascii() {
    return CodePointSet.range(0, 0x7f);
  }

  private static CodePointSet hexDigits() {
    return CodePointSet.range('0', '9')
        .union(CodePointSet.range('a', 'f'))
        .union(CodePointSet.range('A', 'F'));
  }

  private static CodePointSet graph() {
    return categories(mask("cc") | mask("cn") | mask("cs")).union(space()).complement();
  }

  private static Optional<CodePointSet> script(String key) {
    String name = key.startsWith("script=") ? key.substring(7) : key;
    for (Character.UnicodeScript script : Character.UnicodeScript.values()) {
      if (script.name().replace("_", "").equalsIgnoreCase(name)) {
        return Optional.of(CodePointSet.where(c -> Character.UnicodeScript.of(c) == script));
      }
    }
    return Optional.empty();
  }
}
