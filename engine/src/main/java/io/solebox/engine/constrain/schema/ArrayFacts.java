package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.schema.Alternative.Unevaluated;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is asked of an array. */
final class ArrayFacts {
  private final Alternative alternative;
  private final List<Schema> schemas;
  private final Counts counts;

  /** By schema, those of its items that it speaks of one by one. */
  private final Map<Schema, List<Schema>> tuples = new HashMap<>();

  private int prefix;

  ArrayFacts(Alternative alternative) {
    this.alternative = alternative;
    this.schemas = alternative.asserted();
    this.counts = Counts.of(alternative, "minItems", "maxItems");
    for (Schema schema : schemas) {
      tuples.put(schema, tuple(schema));
      prefix = Math.max(prefix, tuples.get(schema).size());
    }
  }

  Counts counts() {
    return counts;
  }

  /** How many items are spoken of one by one. */
  int prefix() {
    return prefix;
  }

  /** Before 2020-12 such a list was called items. */
  private static List<Schema> tuple(Schema schema) {
    if (schema.keywords().get("prefixItems") instanceof List) {
      return schema.schemas("prefixItems");
    }
    return schema.keywords().get("items") instanceof List ? schema.schemas("items") : List.of();
  }

  /** What is said of items behind the tuple, or of all; one schema for prefixItems is read so. */
  private static Optional<Schema> rest(Schema schema) {
    boolean oldTuple = schema.keywords().get("items") instanceof List;
    return schema.schema(oldTuple ? "additionalItems" : "items");
  }

  private static Optional<Schema> forAll(Schema schema) {
    boolean single =
        schema.has("prefixItems") && !(schema.keywords().get("prefixItems") instanceof List);
    return single ? schema.schema("prefixItems") : Optional.empty();
  }

  /** What the item at an index must be; those from {@link #prefix()} on are alike. */
  Set<Claim> goal(int index) {
    Set<Claim> goal = new LinkedHashSet<>();
    for (Schema schema : schemas) {
      forAll(schema).ifPresent(all -> add(goal, all));
      List<Schema> tuple = tuples.get(schema);
      if (index < tuple.size()) {
        add(goal, tuple.get(index));
      } else {
        rest(schema).ifPresent(rest -> add(goal, rest));
      }
    }
    for (Unevaluated atom : alternative.unevaluated("unevaluatedItems")) {
      Schema rest = atom.schema().schema("unevaluatedItems").orElseThrow();
      if (!rest.isTrue() && !evaluated(atom, index)) {
        add(goal, rest);
      }
    }
    return goal;
  }

  private boolean evaluated(Unevaluated atom, int index) {
    if (atom.evaluatesAll("additionalItems")) {
      return true;
    }
    for (Schema schema : atom.evaluatingSchemas()) {
      if (schema.has("contains")) {
        throw Refusal.unsupported(
            atom.schema().pointer("unevaluatedItems"),
            "unevaluatedItems cannot be held beside contains.");
      }
      if (rest(schema).isPresent() || index < tupleSize(schema)) {
        return true;
      }
    }
    return false;
  }

  /** Of a schema that may hold elsewhere only. */
  private int tupleSize(Schema schema) {
    return tuples.computeIfAbsent(schema, ArrayFacts::tuple).size();
  }

  private static void add(Set<Claim> goal, Schema schema) {
    if (!schema.isTrue()) {
      goal.add(Claim.holds(schema));
    }
  }

  /** Schemas with {@code contains} that asks for something. */
  List<Schema> containing() {
    return schemas.stream().filter(schema -> schema.has("contains")).toList();
  }

  /** The schema that says that no two items are equal. */
  Optional<Schema> unique() {
    return schemas.stream().filter(schema -> schema.flag("uniqueItems")).findFirst();
  }
}
