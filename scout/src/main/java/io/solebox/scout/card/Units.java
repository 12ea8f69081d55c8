package io.solebox.scout.card;

import io.solebox.scout.text.Terms;
import io.solebox.scout.text.Text;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** How many cards a title sells as one. */
final class Units {
  /** More are no lot that anybody has offered, but another number. */
  private static final int MOST = 200;

  private static final int LANES_BACK = 4;
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,2}");
  private static final Pattern FIRST = Pattern.compile("[1-9][0-9]{0,2}x");
  private static final Pattern LAST = Pattern.compile("x[1-9][0-9]?");
  private static final Pattern LANES = Pattern.compile("x(1|4|8|16)?");
  private static final Pattern SET = Pattern.compile("[1-9][0-9]?er");

  private final RuleBook rules;
  private final Terms before;
  private final Terms between;
  private final Terms after;
  private final Terms pairs;
  private final Terms never;
  private final Terms lanes;
  private final Terms heads;
  private final Terms accessories;
  private final Terms with;

  Units(RuleBook rules) {
    this.rules = rules;
    before = rules.list("units.before");
    between = rules.list("units.between");
    after = rules.list("units.after");
    pairs = rules.list("units.pairs");
    never = rules.list("units.never");
    lanes = rules.list("units.lanes");
    heads = rules.list("units.heads");
    accessories = rules.list("accessories");
    with = rules.list("with");
  }

  /**
   * At least 1: of a lot whose number is not said it is 1.
   *
   * @param first the word at which it names the card
   */
  int of(Text title, int first) {
    OptionalInt head = atHead(title, first);
    if (head.isPresent()) {
      return head.getAsInt();
    }
    for (int word = 0; word < title.words().size(); word++) {
      int units = at(title, word, first).orElse(1);
      if (units > 1 && units <= MOST) {
        return units;
      }
    }
    return 1;
  }

  /** As in {@code 8 Nvidia Tesla P40}: nothing but makers between it and the card. */
  private OptionalInt atHead(Text title, int first) {
    int word = first - 1;
    while (word > 0 && rules.list("makers").isAt(title, word)) {
      word--;
    }
    boolean head = word == 0 || is(heads, title, word - 1);
    if (word < 0 || !head || !NUMBER.matcher(title.words().get(word)).matches()) {
      return OptionalInt.empty();
    }
    int units = Integer.parseInt(title.words().get(word));
    return units <= MOST ? OptionalInt.of(units) : OptionalInt.empty();
  }

  private OptionalInt at(Text title, int word, int first) {
    String written = title.words().get(word);
    if (pairs.isAt(title, word)) {
      return OptionalInt.of(2);
    }
    if (written.chars().noneMatch(Character::isDigit)) {
      return rules.number(written).isPresent() && isCount(title, word)
          ? rules.number(written)
          : OptionalInt.empty();
    }
    if (FIRST.matcher(written).matches()) {
      return isPart(title, word + 1)
              || (word > first && (countsThings(title, word + 1) || isName(title, word)))
          ? OptionalInt.empty()
          : OptionalInt.of(Integer.parseInt(written.substring(0, written.length() - 1)));
    }
    if (LAST.matcher(written).matches()) {
      return isLanes(title, word) || isName(title, word)
          ? OptionalInt.empty()
          : OptionalInt.of(Integer.parseInt(written.substring(1)));
    }
    if (SET.matcher(written).matches()) {
      return OptionalInt.of(Integer.parseInt(written.substring(0, written.length() - 2)));
    }
    return number(title, word).isPresent() && isCount(title, word)
        ? number(title, word)
        : OptionalInt.empty();
  }

  private OptionalInt number(Text title, int word) {
    String written = title.words().get(word);
    return NUMBER.matcher(written).matches()
        ? OptionalInt.of(Integer.parseInt(written))
        : rules.number(written);
  }

  /** Whether what stands around a number says that it counts cards. */
  private boolean isCount(Text title, int word) {
    boolean inWords = rules.number(title.words().get(word)).isPresent();
    if (isPart(title, word + 1)) {
      return false;
    }
    return (inWords && word == 0)
        || isBefore(title, word)
        || is(after, title, word + 1)
        || isTimes(title, word)
        || (title.gap(word).endsWith("(") && title.gap(word + 1).startsWith(")"));
  }

  private boolean isBefore(Text title, int word) {
    int last = is(between, title, word - 1) ? word - 2 : word - 1;
    return is(before, title, last);
  }

  private boolean isTimes(Text title, int word) {
    boolean counted = isWord(title, word + 1, "x") && !isPart(title, word + 2);
    boolean counting = isWord(title, word - 1, "x") && !isLanes(title, word - 1);
    return counted || counting || title.gap(word).equals("*");
  }

  private static boolean isWord(Text title, int word, String wanted) {
    return word >= 0 && word < title.words().size() && title.words().get(word).equals(wanted);
  }

  /** As in {@code 2x 8 pin}. */
  private boolean isPart(Text title, int word) {
    return is(never, title, word)
        || (word < title.words().size()
            && NUMBER.matcher(title.words().get(word)).matches()
            && is(never, title, word + 1));
  }

  /** As in {@code 2x Noctua fans, 2x16GB}: behind the card it counts what comes with it. */
  private boolean countsThings(Text title, int word) {
    boolean memory =
        word < title.words().size()
            && title.gap(word).isEmpty()
            && title.words().get(word).endsWith("gb");
    return memory
        || is(accessories, title, word)
        || (is(accessories, title, word + 1) && !is(with, title, word));
  }

  /**
   * As in {@code Gaming X4 24GB} and {@code Ventus 3X OC}: what counts cards stands behind what
   * says which they are.
   */
  private boolean isName(Text title, int word) {
    return word > 0
        && word + 1 < title.words().size()
        && !is(after, title, word + 1)
        && title.gap(word).isBlank()
        && title.words().get(word - 1).chars().noneMatch(Character::isDigit)
        && !rules.list("context").isAt(title, word - 1)
        && !is(after, title, word - 1)
        && !is(before, title, word - 1);
  }

  /** As in {@code PCIe 3.0 x16}; there are no links of two, three or ten lanes for cards. */
  private boolean isLanes(Text title, int word) {
    if (!LANES.matcher(title.words().get(word)).matches()) {
      return false;
    }
    for (int back = Math.max(0, word - LANES_BACK); back < word; back++) {
      if (lanes.isAt(title, back)) {
        return true;
      }
    }
    return false;
  }

  private static boolean is(Terms terms, Text title, int word) {
    return word >= 0 && word < title.words().size() && terms.isAt(title, word);
  }
}
