package io.solebox.scout.card;

import io.solebox.scout.text.PartNumber;
import io.solebox.scout.text.Term;
import io.solebox.scout.text.Terms;
import io.solebox.scout.text.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/** What {@code rules.toml} holds. */
final class RuleBook {
  /**
   * A name of models.
   *
   * @param unless with one of these in its title it is something else of that name
   * @param over those whose names are part of what this one is called
   */
  record Family(String name, Terms words, List<Term> unless, Set<String> over) {
    boolean isElse(Text title) {
      return unless.stream().anyMatch(term -> term.in(title));
    }
  }

  /**
   * One model.
   *
   * @param key of the table; empty where that has none of these
   * @param families by whose names it is called
   * @param memory in gigabytes
   * @param parts numbers on its board, which other models may share
   */
  record Model(
      Optional<String> key,
      Set<String> families,
      int memory,
      String form,
      List<PartNumber> parts) {}

  /** How cards are put in. */
  record Form(String name, List<Term> words) {}

  private record Split(Pattern pattern, String into) {}

  private final JsonNode root;
  private final Map<String, Terms> lists = new HashMap<>();
  private final List<Split> splits = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<Family> families = new ArrayList<>();
  private final List<Model> models = new ArrayList<>();
  private final List<Form> forms = new ArrayList<>();

  RuleBook() {
    try (InputStream in = RuleBook.class.getResourceAsStream("rules.toml")) {
      root = new TomlMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    lists("", root);
    lists("units.", root.get("units"));
    for (JsonNode each : root.get("split")) {
      splits.add(
          new Split(
              Pattern.compile(each.get("pattern").stringValue()), each.get("into").stringValue()));
    }
    for (var number : root.get("units").get("words").properties()) {
      numbers.put(number.getKey(), number.getValue().intValue());
    }
    root.get("family").forEach(each -> families.add(family(each)));
    root.get("card").forEach(each -> models.add(model(each)));
    for (JsonNode each : root.get("form")) {
      forms.add(new Form(each.get("name").stringValue(), terms(each, "words")));
    }
  }

  private void lists(String prefix, JsonNode table) {
    for (var each : table.properties()) {
      if (each.getValue().isArray() && each.getValue().get(0).isString()) {
        lists.put(prefix + each.getKey(), new Terms(strings(table, each.getKey())));
      }
    }
  }

  private static Family family(JsonNode each) {
    return new Family(
        each.get("name").stringValue(),
        new Terms(strings(each, "words")),
        terms(each, "unless"),
        Set.copyOf(strings(each, "over")));
  }

  private static Model model(JsonNode each) {
    Set<String> families = new LinkedHashSet<>(strings(each, "also"));
    families.add(each.get("family").stringValue());
    return new Model(
        Optional.ofNullable(each.get("key")).map(JsonNode::stringValue),
        Set.copyOf(families),
        each.get("memory").intValue(),
        each.get("form").stringValue(),
        strings(each, "parts").stream().map(PartNumber::of).toList());
  }

  private static List<Term> terms(JsonNode table, String name) {
    return strings(table, name).stream().map(Term::of).toList();
  }

  private static List<String> strings(JsonNode table, String name) {
    List<String> strings = new ArrayList<>();
    Optional.ofNullable(table.get(name))
        .ifPresent(all -> all.forEach(each -> strings.add(each.stringValue())));
    return strings;
  }

  /** The words of that name, as in {@code wanted} or {@code units.pairs}. */
  Terms list(String name) {
    return lists.get(name);
  }

  /** A title, with what is written without spaces apart. */
  String split(String title) {
    String apart = title;
    for (Split each : splits) {
      apart = each.pattern().matcher(apart).replaceAll(each.into());
    }
    return apart;
  }

  /** What a word counts, as in {@code two}. */
  OptionalInt number(String word) {
    Integer number = numbers.get(word);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  List<Family> families() {
    return families;
  }

  List<Model> models() {
    return models;
  }

  /** The first that a title has is meant. */
  List<Form> forms() {
    return forms;
  }
}
