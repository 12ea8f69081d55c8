package io.solebox.engine.constrain.schema;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One way in which a value can be what is asked: all of these hold at once. Immutable.
 *
 * @param kinds what it can be
 * @param atoms in the order in which they were met
 */
record Alternative(Set<Kind> kinds, Set<Atom> atoms) {
  static final Alternative FREE = new Alternative(Kind.ALL, Set.of());

  /** What of a schema is not about other schemas at the same place. */
  sealed interface Atom {
    Schema schema();
  }

  /**
   * All that the schema itself says of types, limits, properties and items.
   *
   * @param evaluates whether properties and items that it speaks of are evaluated ones
   */
  record Asserted(Schema schema, boolean evaluates) implements Atom {}

  /** The value is among the scalars of {@code enum} or {@code const}. */
  record Listed(Schema schema, String keyword) implements Atom {}

  /** The value has the keyword's kind and does not do what it says. */
  record Denied(Schema schema, String keyword) implements Atom {}

  /** The value is an object in which this property is there and not what its schema says. */
  record DeniedProperty(Schema schema, String name) implements Atom {}

  /**
   * Properties or items that none of {@code evaluating} speaks of are what the keyword says.
   *
   * @param evaluates whether they are evaluated ones then
   */
  record Unevaluated(Schema schema, String keyword, Set<Atom> evaluating, boolean evaluates)
      implements Atom {
    List<Schema> evaluatingSchemas() {
      return evaluating.stream()
          .filter(atom -> atom instanceof Asserted asserted && asserted.evaluates)
          .map(Atom::schema)
          .toList();
    }

    /**
     * Whether nothing is left for this one.
     *
     * @param rest the keyword that speaks of all the rest
     */
    boolean evaluatesAll(String rest) {
      return evaluating.stream()
          .anyMatch(
              atom ->
                  switch (atom) {
                    case Unevaluated inner -> inner.evaluates && inner.keyword.equals(keyword);
                    case Asserted asserted -> asserted.evaluates && asserted.schema.has(rest);
                    case Listed _, Denied _, DeniedProperty _ -> false;
                  });
    }
  }

  /** How much stands in the schemas that it is about. */
  long weight() {
    long weight = 1;
    for (Atom atom : atoms) {
      weight += atom.schema().weight();
    }
    return weight;
  }

  static Alternative of(Set<Kind> kinds, Atom atom) {
    return new Alternative(kinds, Set.of(atom));
  }

  /** Both; empty if no value can be so. */
  Optional<Alternative> and(Alternative other) {
    Set<Kind> common = Kind.common(kinds, other.kinds);
    if (common.isEmpty()) {
      return Optional.empty();
    }
    if (other.atoms.isEmpty() || atoms.isEmpty()) {
      return Optional.of(new Alternative(common, atoms.isEmpty() ? other.atoms : atoms));
    }
    Set<Atom> both = new LinkedHashSet<>(atoms);
    both.addAll(other.atoms);
    return Optional.of(new Alternative(common, both));
  }

  /** This or another one that differs in kinds only. */
  Alternative orKinds(Alternative other) {
    Set<Kind> either = new HashSet<>(kinds);
    either.addAll(other.kinds);
    return new Alternative(either, atoms);
  }

  /** The same where it says that a schema does not hold: nothing is evaluated by that. */
  Alternative evaluatingNothing() {
    Set<Atom> silent = new LinkedHashSet<>();
    for (Atom atom : atoms) {
      silent.add(
          switch (atom) {
            case Asserted(Schema schema, _) -> new Asserted(schema, false);
            case Unevaluated(Schema schema, String keyword, Set<Atom> evaluating, _) ->
                new Unevaluated(schema, keyword, evaluating, false);
            case Listed _, Denied _, DeniedProperty _ -> atom;
          });
    }
    return new Alternative(kinds, silent);
  }

  /** Schemas that hold as they are. */
  List<Schema> asserted() {
    return atoms.stream().filter(Asserted.class::isInstance).map(Atom::schema).distinct().toList();
  }

  List<Unevaluated> unevaluated(String keyword) {
    return atoms.stream()
        .filter(Unevaluated.class::isInstance)
        .map(Unevaluated.class::cast)
        .filter(atom -> atom.keyword().equals(keyword))
        .toList();
  }

  List<Denied> denied() {
    return atoms.stream().filter(Denied.class::isInstance).map(Denied.class::cast).toList();
  }

  List<Listed> listed() {
    return atoms.stream().filter(Listed.class::isInstance).map(Listed.class::cast).toList();
  }

  /** Where the values stand that it lists. */
  String placeOfListed() {
    return listed().stream()
        .findFirst()
        .map(one -> one.schema().pointer(one.keyword()))
        .orElse("#");
  }
}
