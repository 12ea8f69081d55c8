package io.solebox.scout.card;

import io.solebox.scout.text.Terms;
import io.solebox.scout.text.Text;
import java.util.Optional;

/** Whether a title that names a card sells one, or something for it, or something that has it. */
final class Purpose {
  /** So many words before a machine may say where a card is from. */
  private static final int ORIGIN_BACK = 4;

  /** So many words after {@code without} are what is missing. */
  private static final int NEAR = 3;

  /** Within so many words after a thing it may be said that it comes, behind others that do. */
  private static final int INCLUDED = 5;

  private final RuleBook rules;

  Purpose(RuleBook rules) {
    this.rules = rules;
  }

  /**
   * Why it sells no card; empty where it does.
   *
   * @param first the word at which it names the first
   * @param memory whether it names an amount of memory that the card has
   */
  Optional<String> whyNone(Text title, int first, boolean memory) {
    return found("wanted", title, "somebody looks for it")
        .or(() -> found("never", title, "what is sold is not the card"))
        .or(() -> isFor(title, first))
        .or(() -> has(title, first))
        .or(() -> machine(title, first))
        .or(() -> accessory(title, first, memory));
  }

  private Optional<String> found(String list, Text title, String reason) {
    Terms terms = rules.list(list);
    for (int word = 0; word < title.words().size(); word++) {
      int length = terms.lengthAt(title, word);
      if (length > 0) {
        return Optional.of(reason + ": " + words(title, word, length));
      }
    }
    return Optional.empty();
  }

  private static String words(Text title, int from, int length) {
    return String.join(" ", title.words().subList(from, from + length));
  }

  private Optional<String> isFor(Text title, int first) {
    int word = first - 1;
    while (word >= 0 && rules.list("makers").isAt(title, word)) {
      word--;
    }
    Terms introductions = rules.list("for");
    for (int length = 1; length <= 2; length++) {
      int from = word - length + 1;
      if (from >= 0 && introductions.lengthAt(title, from) == length) {
        return Optional.of("it is something for a card: " + words(title, from, length));
      }
    }
    return Optional.empty();
  }

  /** As in {@code Model 480 with 8x V100}: what stands before is sold, and has the card. */
  private Optional<String> has(Text title, int first) {
    int word = first - 1;
    while (word >= 0
        && (rules.list("makers").isAt(title, word)
            || Character.isDigit(title.words().get(word).charAt(0)))) {
      word--;
    }
    return word >= 1 && rules.list("having").isAt(title, word)
        ? Optional.of("it is something that has a card: " + words(title, 0, word))
        : Optional.empty();
  }

  private Optional<String> machine(Text title, int first) {
    Terms machines = rules.list("machines");
    Terms models = rules.list("machine_models");
    for (int word = 0; word < title.words().size(); word++) {
      int named = word < first ? models.lengthAt(title, word) : 0;
      int length = Math.max(named, machines.lengthAt(title, word));
      if (length > 0 && !isCardOf(title, word, length)) {
        return Optional.of("it is a whole machine: " + words(title, word, length));
      }
    }
    return Optional.empty();
  }

  /** Whether it is a card for a machine, or was in one. */
  private boolean isCardOf(Text title, int word, int length) {
    int next = word + length;
    if (next < title.words().size() && rules.list("cards").isAt(title, next)) {
      return true;
    }
    for (int back = Math.max(0, word - ORIGIN_BACK); back < word; back++) {
      if (rules.list("origins").isAt(title, back)) {
        return true;
      }
    }
    return false;
  }

  private Optional<String> accessory(Text title, int first, boolean memory) {
    boolean with = false;
    int missingUntil = -1;
    int word = 0;
    while (word < title.words().size()) {
      with |= word > first && isWith(title, word);
      if (rules.list("without").isAt(title, word)) {
        missingUntil = word + NEAR;
      }
      int feature = rules.list("features").lengthAt(title, word);
      int length = feature > 0 ? 0 : accessoryAt(title, word, memory);
      boolean renewed = memory && word > first && isRenewed(title, word);
      if (length > 0
          && !with
          && !renewed
          && word > missingUntil
          && !isIncluded(title, word + length)) {
        return Optional.of("it is something for a card: " + words(title, word, length));
      }
      word += Math.max(1, Math.max(feature, length));
    }
    return Optional.empty();
  }

  private int accessoryAt(Text title, int word, boolean memory) {
    int length = rules.list("accessories").lengthAt(title, word);
    return length > 0 || memory ? length : rules.list("brackets").lengthAt(title, word);
  }

  private boolean isWith(Text title, int word) {
    String gap = title.gap(word);
    return gap.contains("+") || gap.contains("&") || rules.list("with").isAt(title, word);
  }

  /** As in {@code 24 GB, new thermal pads}: it was done to the card. */
  private boolean isRenewed(Text title, int word) {
    return rules.list("renewed").isAt(title, word - 1);
  }

  /** As in {@code card not included}. */
  private boolean isCardMissing(Text title, int included) {
    return included >= 2
        && rules.list("without").isAt(title, included - 1)
        && rules.list("cards").isAt(title, included - 2);
  }

  private boolean isIncluded(Text title, int from) {
    int most = Math.min(title.words().size(), from + INCLUDED);
    for (int word = from; word < most; word++) {
      if (!isCardMissing(title, word) && rules.list("included").isAt(title, word)) {
        return true;
      }
    }
    return false;
  }
}
