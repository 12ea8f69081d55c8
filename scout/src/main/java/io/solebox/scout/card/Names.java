package io.solebox.scout.card;

import io.solebox.scout.card.RuleBook.Family;
import io.solebox.scout.text.Terms;
import io.solebox.scout.text.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which families a title names. */
final class Names {
  /** One place at which it does. */
  record Mention(int from, Family family) {}

  private final RuleBook rules;

  Names(RuleBook rules) {
    this.rules = rules;
  }

  /** In their order, without those that it names to compare. */
  List<Mention> in(Text title) {
    List<Mention> mentions = new ArrayList<>();
    int word = 0;
    while (word < title.words().size()) {
      int length = 0;
      Optional<Family> longest = Optional.empty();
      for (Family family : rules.families()) {
        int has = family.words().lengthAt(title, word);
        if (has > length && !family.isElse(title)) {
          length = has;
          longest = Optional.of(family);
        }
      }
      if (longest.isPresent() && (mentions.isEmpty() || !isCompared(title, word))) {
        mentions.add(new Mention(word, longest.get()));
      }
      word += Math.max(1, length);
    }
    Set<String> under =
        mentions.stream()
            .flatMap(each -> each.family().over().stream())
            .collect(Collectors.toSet());
    return mentions.stream().filter(each -> !under.contains(each.family().name())).toList();
  }

  private boolean isCompared(Text title, int word) {
    Terms compared = rules.list("compared");
    return (word > 0 && compared.isAt(title, word - 1))
        || (word > 1 && compared.isAt(title, word - 2));
  }
}
