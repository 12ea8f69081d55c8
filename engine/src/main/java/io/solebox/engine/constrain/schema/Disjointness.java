package io.solebox.engine.constrain.schema;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Proves that no value is what two schemas ask: by types, constants, limits, patterns, and by
 * properties and items that must be there. What it does not prove may still be so.
 */
final class Disjointness {
  /** How far it looks into objects and arrays. */
  private static final int MAX_DEPTH = 3;

  /** To find out what is asked of a value, by what stands in the schemas. */
  private static final int FACTS_WEIGHT = 64;

  private final Expansion expansion;
  private final StringLanguages languages;

  /** By one and by the other; both ways, because both are asked for. */
  private final Map<Schema, Map<Schema, Boolean>> known = new HashMap<>();

  /**
   * @param expansion one that does not ask back
   */
  Disjointness(Expansion expansion) {
    this.expansion = expansion;
    this.languages = new StringLanguages(expansion.budget(), Optional.empty());
  }

  boolean proven(Schema a, Schema b) {
    Map<Schema, Boolean> ofA = known.computeIfAbsent(a, _ -> new HashMap<>());
    Boolean before = ofA.get(b);
    if (before != null) {
      return before;
    }
    boolean proven = nothing(List.of(Claim.holds(a), Claim.holds(b)), 0);
    ofA.put(b, proven);
    known.computeIfAbsent(b, _ -> new HashMap<>()).put(a, proven);
    return proven;
  }

  private boolean nothing(Collection<Claim> claims, int depth) {
    return expansion.of(claims).stream().allMatch(alternative -> nothing(alternative, depth));
  }

  private boolean nothing(Alternative alternative, int depth) {
    expansion.budget().spend(FACTS_WEIGHT * alternative.weight());
    return alternative.kinds().stream().allMatch(kind -> nothing(alternative, kind, depth));
  }

  private boolean nothing(Alternative alternative, Kind kind, int depth) {
    return switch (kind) {
      case NULL -> !Scalars.of(alternative).allows(null);
      case BOOLEAN -> {
        Scalars scalars = Scalars.of(alternative);
        yield !scalars.allows(true) && !scalars.allows(false);
      }
      case INTEGER, FRACTION ->
          nothing(NumberFacts.of(new Alternative(Set.of(kind), alternative.atoms())));
      case STRING -> languages.of(StringFacts.of(alternative, languages), "#").isEmpty();
      case ARRAY -> nothing(new ArrayFacts(alternative), depth);
      case OBJECT -> nothing(new ObjectFacts(alternative, languages), depth);
    };
  }

  private boolean nothing(NumberFacts facts) {
    expansion.budget().spend(facts.weight());
    return facts.isEmpty();
  }

  private boolean nothing(ArrayFacts facts, int depth) {
    if (facts.counts().isEmpty()) {
      return true;
    }
    int count = Math.min(facts.counts().min(), facts.prefix() + 1);
    for (int i = 0; i < count && depth < MAX_DEPTH; i++) {
      if (nothing(facts.goal(i), depth + 1)) {
        return true;
      }
    }
    return false;
  }

  private boolean nothing(ObjectFacts facts, int depth) {
    if (facts.counts().isEmpty() || facts.required().size() > facts.counts().max()) {
      return true;
    }
    return depth < MAX_DEPTH
        && facts.required().stream().anyMatch(name -> nothing(facts.goal(name), depth + 1));
  }
}
