package io.solebox.scout.card;

import io.solebox.scout.card.RuleBook.Form;
import io.solebox.scout.card.RuleBook.Model;
import io.solebox.scout.text.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Narrows models down by what a text says of them, and remembers by what. */
final class Models {
  private static final Pattern AMOUNT = Pattern.compile("([1-9][0-9]{0,3})gb");

  private final RuleBook rules;
  private final List<String> reasons = new ArrayList<>();
  private List<Model> left;
  private Optional<String> wrong = Optional.empty();

  /** Of all models that a family's name may mean: none for names of what the table has not. */
  Models(RuleBook rules, String family) {
    this.rules = rules;
    left = rules.models().stream().filter(each -> each.families().contains(family)).toList();
    reasons.add(family);
  }

  /** Those that have one of the part numbers of the text; empty where none has. */
  static Optional<String> familyOf(RuleBook rules, Text text) {
    return rules.models().stream()
        .filter(each -> each.parts().stream().anyMatch(part -> part.in(text)))
        .flatMap(each -> each.families().stream())
        .findFirst();
  }

  static Set<Integer> amounts(Text text) {
    Set<Integer> amounts = new TreeSet<>();
    for (String word : text.words()) {
      Matcher amount = AMOUNT.matcher(word);
      if (word.endsWith("gb") && amount.matches()) {
        amounts.add(Integer.valueOf(amount.group(1)));
      }
    }
    return amounts;
  }

  /** Whether the text names an amount of memory that one of them has. */
  boolean hasMemory(Text text) {
    Set<Integer> amounts = amounts(text);
    return left.stream().anyMatch(each -> amounts.contains(each.memory()));
  }

  /** Keeps those of which the text says nothing else. */
  void narrow(Text text) {
    memory(text);
    form(text);
    parts(text);
  }

  private void memory(Text text) {
    Set<Integer> amounts = amounts(text);
    Set<Integer> known =
        left.stream()
            .map(Model::memory)
            .filter(amounts::contains)
            .collect(Collectors.toCollection(TreeSet::new));
    if (known.size() > 1) {
      wrong = wrong.or(() -> Optional.of("it names several amounts of memory: " + words(known)));
    } else if (known.size() == 1) {
      int memory = known.iterator().next();
      keep(left.stream().filter(each -> each.memory() == memory).toList(), memory + " GB");
    } else if (!amounts.isEmpty()) {
      wrong = wrong.or(() -> Optional.of("none with " + words(amounts) + " is known"));
    }
  }

  private static String words(Set<Integer> amounts) {
    return amounts.stream().map(each -> each + " GB").collect(Collectors.joining(", "));
  }

  private void form(Text text) {
    for (Form form : rules.forms()) {
      if (form.words().stream().anyMatch(term -> term.in(text))) {
        List<Model> fitting =
            left.stream().filter(each -> each.form().startsWith(form.name())).toList();
        if (fitting.isEmpty()) {
          wrong = wrong.or(() -> Optional.of("none with " + form.name() + " is known"));
        } else {
          keep(fitting, form.name());
        }
        return;
      }
    }
  }

  private void parts(Text text) {
    int longest = left.stream().mapToInt(each -> longest(each, text)).max().orElse(0);
    if (longest > 0) {
      keep(
          left.stream().filter(each -> longest(each, text) == longest).toList(), "its part number");
    }
  }

  private static int longest(Model model, Text text) {
    return model.parts().stream()
        .filter(part -> part.in(text))
        .mapToInt(part -> part.toString().length())
        .max()
        .orElse(0);
  }

  private void keep(List<Model> fitting, String reason) {
    if (fitting.size() < left.size()) {
      reasons.add(reason);
    }
    left = fitting;
  }

  boolean isClear() {
    return left.size() == 1 || wrong.isPresent();
  }

  /**
   * The key of the one that is left, where nothing speaks against it: of several with as much
   * memory the one that the table has.
   */
  Optional<String> key() {
    List<String> keys = left.stream().flatMap(each -> each.key().stream()).toList();
    boolean same = left.stream().mapToInt(Model::memory).distinct().count() == 1;
    return wrong.isEmpty() && same && keys.size() == 1
        ? Optional.of(keys.getFirst())
        : Optional.empty();
  }

  /** By what it is known, or why it is not. */
  String reason() {
    String named = String.join(", ", reasons);
    if (wrong.isPresent()) {
      return named + ": " + wrong.get();
    }
    if (key().isPresent()) {
      return "named: " + named;
    }
    if (left.size() > 1) {
      return named
          + ": it may be any of "
          + left.stream().map(Models::words).collect(Collectors.joining(", "));
    }
    if (left.isEmpty()) {
      return "its title names none that the table of GPUs has";
    }
    return "the table of GPUs has no " + named;
  }

  private static String words(Model model) {
    return model.key().orElse(model.memory() + " GB " + model.form());
  }
}
