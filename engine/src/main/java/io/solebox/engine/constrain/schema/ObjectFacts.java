package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.pattern.Budget;
import io.solebox.engine.constrain.pattern.Language;
import io.solebox.engine.constrain.schema.Alternative.DeniedProperty;
import io.solebox.engine.constrain.schema.Alternative.Unevaluated;
import io.solebox.engine.regex.RegexException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What is asked of an object. */
final class ObjectFacts {
  /** Names are told apart by which patterns they match. */
  private static final int MAX_CLASSES = 64;

  private static final long SCHEMA_WEIGHT = 8;

  /** With these, a schema speaks of names that it does not declare. */
  private static final List<String> SAY_OTHERS =
      List.of("additionalProperties", "patternProperties", "propertyNames");

  private final Alternative alternative;
  private final List<Schema> schemas;
  private final StringLanguages languages;
  private final Set<String> required = new LinkedHashSet<>();
  private final Set<String> declared = new LinkedHashSet<>();
  private final Counts counts;

  /**
   * Names that no schema declares.
   *
   * @param goal what their values must be
   */
  record Others(Language names, Set<Claim> goal) {
    boolean isForbidden() {
      return goal.stream().anyMatch(ObjectFacts::never);
    }
  }

  private static boolean never(Claim claim) {
    return claim.holds() && claim.schema().isFalse();
  }

  ObjectFacts(Alternative alternative, StringLanguages languages) {
    this.alternative = alternative;
    this.schemas = alternative.asserted();
    this.languages = languages;
    this.counts = Counts.of(alternative, "minProperties", "maxProperties");
    for (Schema schema : schemas) {
      declared.addAll(schema.members("properties").keySet());
      required.addAll(schema.texts("required"));
    }
    for (DeniedProperty atom : deniedProperties()) {
      declared.add(atom.name());
      required.add(atom.name());
    }
    declared.addAll(required);
  }

  private List<DeniedProperty> deniedProperties() {
    return alternative.atoms().stream()
        .filter(DeniedProperty.class::isInstance)
        .map(DeniedProperty.class::cast)
        .toList();
  }

  /** Names in the order in which an object has them. */
  Collection<String> declared() {
    return declared;
  }

  boolean isRequired(String name) {
    return required.contains(name);
  }

  Collection<String> required() {
    return required;
  }

  Counts counts() {
    return counts;
  }

  /** What the value of a declared name must be. */
  Set<Claim> goal(String name) {
    Set<Claim> goal =
        goal(
            schema ->
                schema.members("properties").containsKey(name)
                    ? List.of(schema.member("properties", name))
                    : List.of(),
            pattern -> accepts(pattern, name));
    for (DeniedProperty atom : deniedProperties()) {
      if (atom.name().equals(name)) {
        goal.add(Claim.fails(atom.schema().member("properties", atom.name())));
      }
    }
    return goal;
  }

  private boolean accepts(Language pattern, String name) {
    languages.budget().spend(1 + name.length());
    return pattern.accepts(name);
  }

  /** What a schema says of a name itself: nothing or one schema. */
  private interface Declared {
    List<Schema> in(Schema schema);
  }

  private Set<Claim> goal(Declared own, Predicate<Language> matches) {
    languages.budget().spend(1 + SCHEMA_WEIGHT * schemas.size());
    Set<Claim> goal = new LinkedHashSet<>();
    for (Schema schema : schemas) {
      List<Schema> parts = new ArrayList<>(own.in(schema));
      for (String pattern : schema.members("patternProperties").keySet()) {
        if (matches.test(languages.name(schema, pattern))) {
          parts.add(schema.member("patternProperties", pattern));
        }
      }
      if (parts.isEmpty()) {
        schema.schema("additionalProperties").ifPresent(parts::add);
      }
      parts.stream().filter(part -> !part.isTrue()).map(Claim::holds).forEach(goal::add);
    }
    for (Unevaluated atom : alternative.unevaluated("unevaluatedProperties")) {
      boolean evaluated =
          atom.evaluatesAll("additionalProperties")
              || atom.evaluatingSchemas().stream()
                  .anyMatch(schema -> evaluates(schema, own, matches));
      Schema rest = atom.schema().schema("unevaluatedProperties").orElseThrow();
      if (!evaluated && !rest.isTrue()) {
        goal.add(Claim.holds(rest));
      }
    }
    return goal;
  }

  private boolean evaluates(Schema schema, Declared own, Predicate<Language> matches) {
    return !own.in(schema).isEmpty()
        || schema.members("patternProperties").keySet().stream()
            .anyMatch(pattern -> matches.test(languages.name(schema, pattern)));
  }

  /** The schemas that names must follow. */
  List<Schema> nameSchemas() {
    return schemas.stream().flatMap(schema -> schema.schema("propertyNames").stream()).toList();
  }

  /** Where a name is declared. */
  String placeOf(String name) {
    return schemas.stream()
        .filter(schema -> schema.members("properties").containsKey(name))
        .findFirst()
        .map(schema -> Refusal.step(schema.pointer("properties"), name))
        .orElseGet(() -> pointer("required"));
  }

  /** Where something of this object cannot be held. */
  String pointer(String keyword) {
    return schemas.stream()
        .filter(schema -> schema.has(keyword))
        .findFirst()
        .or(() -> schemas.stream().findFirst())
        .map(schema -> schema.pointer(keyword))
        .orElse("#");
  }

  /**
   * Whether there are only declared properties: some are declared, nothing is said of others, and
   * none of them are needed. JSON Schema would allow any others, but whoever lists properties means
   * these, and a model that may add more does.
   */
  private boolean isClosed() {
    return schemas.stream().anyMatch(ObjectFacts::lists)
        && SAY_OTHERS.stream().noneMatch(word -> schemas.stream().anyMatch(s -> s.has(word)))
        && alternative.unevaluated("unevaluatedProperties").isEmpty()
        && counts.min() <= declared.size();
  }

  /** Names that must not be there list nothing: that is how absence is said. */
  private static boolean lists(Schema schema) {
    Collection<Object> listed = schema.members("properties").values();
    boolean absence = !listed.isEmpty() && listed.stream().allMatch(Boolean.FALSE::equals);
    return schema.has("properties") && !absence;
  }

  /**
   * Classes of names that are not declared.
   *
   * @param names all names that there may be
   */
  List<Others> others(Language names) {
    if (isClosed()) {
      return List.of();
    }
    String pointer = pointer("patternProperties");
    boolean patterns = schemas.stream().anyMatch(schema -> schema.has("patternProperties"));
    if (!patterns && goal(_ -> List.of(), _ -> false).stream().anyMatch(ObjectFacts::never)) {
      return List.of();
    }
    try {
      Budget budget = languages.budget();
      Map<Set<Language>, Language> classes = new LinkedHashMap<>();
      classes.put(
          Set.of(),
          declared.isEmpty() ? names : names.minus(Language.texts(declared, budget), budget));
      for (Schema schema : schemas) {
        for (String pattern : schema.members("patternProperties").keySet()) {
          classes = split(classes, languages.name(schema, pattern), pointer);
        }
      }
      List<Others> all = new ArrayList<>();
      classes.forEach(
          (matched, language) ->
              all.add(new Others(language, goal(_ -> List.of(), matched::contains))));
      return all;
    } catch (RegexException e) {
      throw Refusal.tooMuch(
          pointer, "Names of properties cannot be told apart: %s.".formatted(e.getMessage()));
    }
  }

  private Map<Set<Language>, Language> split(
      Map<Set<Language>, Language> classes, Language pattern, String pointer) {
    Budget budget = languages.budget();
    Map<Set<Language>, Language> finer = new LinkedHashMap<>();
    classes.forEach(
        (matched, language) -> {
          Language inside = language.and(pattern, budget);
          Set<Language> more = new LinkedHashSet<>(matched);
          more.add(pattern);
          if (!inside.isEmpty()) {
            finer.merge(more, inside, (a, b) -> a.or(b, budget));
          }
          Language outside = language.minus(pattern, budget);
          if (!outside.isEmpty()) {
            finer.merge(matched, outside, (a, b) -> a.or(b, budget));
          }
        });
    if (finer.size() > MAX_CLASSES) {
      throw Refusal.tooMuch(pointer, "Too many patterns of names overlap.");
    }
    return finer;
  }
}
