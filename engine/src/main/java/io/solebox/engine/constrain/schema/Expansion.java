package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.pattern.Budget;
import io.solebox.engine.constrain.schema.Alternative.Asserted;
import io.solebox.engine.constrain.schema.Alternative.Listed;
import io.solebox.engine.constrain.schema.Alternative.Unevaluated;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes apart what schemas say about one value by way of other schemas ({@code $ref}, {@code
 * allOf}, {@code anyOf}, {@code oneOf}, {@code not}, {@code if} and the like), into alternatives of
 * which none refers to another schema for the same value.
 */
final class Expansion {
  private static final int MAX_ALTERNATIVES = 1_000;

  /** Schemas at one place inside of each other; what follows them goes down as deep. */
  private static final int MAX_DEPTH = 100;

  private static final int ATOM_WEIGHT = 8;

  private final References references;
  private final SchemaOptions options;

  /** For the values for which {@code oneOf} is only taken for {@code anyOf}: some too many. */
  private final Optional<Disjointness> disjointness;

  private final Negation negation = new Negation(this);
  private final Map<Claim, List<Alternative>> known = new HashMap<>();
  private final Set<Claim> active = new HashSet<>();
  private final Budget budget;

  Expansion(Document document, SchemaOptions options, Budget budget) {
    this(
        document, options, budget, Optional.of(new Disjointness(loose(document, options, budget))));
  }

  private Expansion(
      Document document,
      SchemaOptions options,
      Budget budget,
      Optional<Disjointness> disjointness) {
    this.references = new References(document, options, budget);
    this.options = options;
    this.budget = budget;
    this.disjointness = disjointness;
  }

  /** One that takes what it cannot decide for true, and never asks whether options overlap. */
  private static Expansion loose(Document document, SchemaOptions options, Budget budget) {
    return new Expansion(document, options, budget, Optional.empty());
  }

  Budget budget() {
    return budget;
  }

  SchemaOptions options() {
    return options;
  }

  /** What the values are for which all claims are true. */
  List<Alternative> of(Collection<Claim> claims) {
    List<Alternative> all = List.of(Alternative.FREE);
    for (Claim claim : claims) {
      all = product(all, of(claim), claim.schema().pointer());
    }
    return all;
  }

  /** The same claim of the schema that is referred to, where a reference is all that there is. */
  Claim target(Claim claim) {
    return new Claim(references.target(claim.schema()), claim.holds());
  }

  List<Alternative> of(Claim asked) {
    Claim claim = target(asked);
    List<Alternative> before = known.get(claim);
    if (before != null) {
      return before;
    }
    String pointer = claim.schema().pointer();
    if (!active.add(claim)) {
      throw References.endless(pointer);
    }
    try {
      if (active.size() > MAX_DEPTH) {
        throw Refusal.tooMuch(
            pointer,
            "More than %d schemas of one value are inside of each other.".formatted(MAX_DEPTH));
      }
      references.check(claim.schema());
      List<Alternative> all = claim.holds() ? holds(claim.schema()) : negation.of(claim.schema());
      known.put(claim, all);
      return all;
    } finally {
      active.remove(claim);
    }
  }

  private List<Alternative> holds(Schema schema) {
    if (schema.isFalse()) {
      return List.of();
    }
    List<Alternative> all = List.of(Alternative.FREE);
    boolean asserted = false;
    for (String keyword : schema.keywords().keySet()) {
      List<Alternative> more = List.of(Alternative.FREE);
      if (!Keywords.isAssertion(keyword)) {
        more = decided(schema, keyword);
      } else if (!asserted) {
        asserted = true;
        more = List.of(Alternative.of(Types.of(schema), new Asserted(schema, true)));
      }
      all = product(all, more, schema.pointer(keyword));
    }
    for (String keyword : List.of("unevaluatedProperties", "unevaluatedItems")) {
      if (schema.has(keyword)) {
        all = all.stream().map(alternative -> unevaluated(schema, keyword, alternative)).toList();
      }
    }
    return all;
  }

  private static Alternative unevaluated(Schema schema, String keyword, Alternative alternative) {
    Set<Alternative.Atom> atoms = new LinkedHashSet<>(alternative.atoms());
    atoms.add(new Unevaluated(schema, keyword, alternative.atoms(), true));
    return new Alternative(alternative.kinds(), atoms);
  }

  private List<Alternative> decided(Schema schema, String keyword) {
    try {
      return combination(schema, keyword);
    } catch (Negation.UndecidableException e) {
      if (disjointness.isEmpty()) {
        return List.of(Alternative.FREE);
      }
      throw Refusal.unsupported(
          schema.pointer(keyword), "%s cannot be held: %s.".formatted(keyword, e.getMessage()));
    }
  }

  private List<Alternative> combination(Schema schema, String keyword) {
    return switch (keyword) {
      case "$ref" -> of(Claim.holds(references.resolve(schema)));
      case "allOf" -> of(schema.schemas(keyword).stream().map(Claim::holds).toList());
      case "anyOf" -> anyOf(schema.schemas(keyword), schema.pointer(keyword));
      case "oneOf" -> oneOf(schema);
      case "not" -> of(Claim.fails(schema.schema(keyword).orElseThrow()));
      case "if" -> condition(schema);
      case "enum" -> listed(schema, keyword, schema.list(keyword));
      case "const" -> {
        List<Object> one = new ArrayList<>();
        one.add(schema.keywords().get(keyword));
        yield listed(schema, keyword, one);
      }
      case "dependentRequired", "dependentSchemas", "dependencies" ->
          of(Dependencies.of(schema, keyword, this));
      default -> List.of(Alternative.FREE); // annotations, then and else, what is not known
    };
  }

  /** Alternatives in which any of the schemas holds. */
  List<Alternative> anyOf(List<Schema> options, String pointer) {
    List<Alternative> all = new ArrayList<>();
    for (Schema option : options) {
      all.addAll(of(Claim.holds(option)));
    }
    return distinct(all, pointer);
  }

  private List<Alternative> oneOf(Schema schema) {
    List<Schema> options = schema.schemas("oneOf");
    if (disjointness.isEmpty()) {
      return anyOf(options, schema.pointer("oneOf"));
    }
    List<Alternative> all = new ArrayList<>();
    for (Schema option : options) {
      Set<Claim> claims = new LinkedHashSet<>(Set.of(Claim.holds(option)));
      for (Schema other : options) {
        if (!other.equals(option) && !disjointness.get().proven(option, other)) {
          claims.add(Claim.fails(other));
        }
      }
      try {
        all.addAll(of(claims));
      } catch (Negation.UndecidableException e) {
        throw Refusal.of(
            schema.pointer("oneOf"),
            "Options of oneOf overlap, or may do so: %s.".formatted(e.getMessage()),
            "Use anyOf, or give each option a required property with a const of its own.");
      }
    }
    return distinct(all, schema.pointer("oneOf"));
  }

  private List<Alternative> condition(Schema schema) {
    if (!schema.has("then") && !schema.has("else")) {
      return List.of(Alternative.FREE);
    }
    Schema test = schema.schema("if").orElseThrow();
    Set<Claim> yes = new LinkedHashSet<>(Set.of(Claim.holds(test)));
    schema.schema("then").map(Claim::holds).ifPresent(yes::add);
    Set<Claim> no = new LinkedHashSet<>(Set.of(Claim.fails(test)));
    schema.schema("else").map(Claim::holds).ifPresent(no::add);
    List<Alternative> all = new ArrayList<>(of(yes));
    all.addAll(of(no));
    return distinct(all, schema.pointer("if"));
  }

  private List<Alternative> listed(Schema schema, String keyword, List<Object> values) {
    Set<Kind> scalars = new HashSet<>();
    List<Alternative> all = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      Kind kind = Kind.of(values.get(i));
      if (kind == Kind.ARRAY || kind == Kind.OBJECT) {
        String at = schema.pointer(keyword) + (keyword.equals("enum") ? "/" + i : "");
        all.addAll(of(Claim.holds(Literals.schema(schema, at, values.get(i)))));
      } else {
        scalars.add(kind);
      }
    }
    if (!scalars.isEmpty()) {
      all.addFirst(Alternative.of(Set.copyOf(scalars), new Listed(schema, keyword)));
    }
    return all;
  }

  /** Alternatives in which one of each holds. */
  List<Alternative> product(List<Alternative> a, List<Alternative> b, String pointer) {
    if (a.size() == 1 && a.getFirst().equals(Alternative.FREE)) {
      return b;
    }
    if (b.size() == 1 && b.getFirst().equals(Alternative.FREE)) {
      return a;
    }
    List<Alternative> all = new ArrayList<>();
    for (Alternative mine : a) {
      for (Alternative theirs : b) {
        mine.and(theirs).ifPresent(all::add);
        budget.spend(ATOM_WEIGHT * (1L + mine.atoms().size() + theirs.atoms().size()));
        if (all.size() > 8 * MAX_ALTERNATIVES) {
          throw tooMany(pointer);
        }
      }
    }
    return distinct(all, pointer);
  }

  /** Alternatives of the same atoms are one, with the kinds of both. */
  private List<Alternative> distinct(List<Alternative> all, String pointer) {
    Map<Set<Alternative.Atom>, Alternative> seen = new LinkedHashMap<>();
    for (Alternative alternative : all) {
      seen.merge(alternative.atoms(), alternative, Alternative::orKinds);
    }
    if (seen.size() > MAX_ALTERNATIVES) {
      throw tooMany(pointer);
    }
    return List.copyOf(seen.values());
  }

  private static RuntimeException tooMany(String pointer) {
    return Refusal.tooMuch(
        pointer,
        "There are more than %d ways to combine what holds here.".formatted(MAX_ALTERNATIVES));
  }

  References references() {
    return references;
  }
}
