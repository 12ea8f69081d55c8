package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.pattern.Budget;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Where references lead. Each schema that is come by is checked once. */
final class References {
  private static final String REFERENCE = "$ref";
  private static final int CHECK_WEIGHT = 16;

  private final Document document;
  private final SchemaOptions options;
  private final Budget budget;
  private final Map<Schema, Schema> targets = new HashMap<>();
  private final Set<Schema> checked = new HashSet<>();

  References(Document document, SchemaOptions options, Budget budget) {
    this.document = document;
    this.options = options;
    this.budget = budget;
  }

  /** What the reference of a schema refers to. */
  Schema resolve(Schema schema) {
    return document.resolve(schema, REFERENCE);
  }

  /**
   * The schema itself, or what it refers to if it says nothing else. In a loop, because references
   * may lead to references thousands of times.
   */
  Schema target(Schema schema) {
    Set<Schema> passed = new LinkedHashSet<>();
    Schema at = schema;
    while (isReference(at)) {
      if (!passed.add(at)) {
        throw endless(at.pointer());
      }
      check(at);
      Schema known = targets.get(at);
      at = known == null ? resolve(at) : known;
    }
    for (Schema reference : passed) {
      targets.put(reference, at);
    }
    return at;
  }

  private static boolean isReference(Schema schema) {
    return schema.has(REFERENCE)
        && schema.keywords().keySet().stream()
            .allMatch(keyword -> keyword.equals(REFERENCE) || Keywords.isAnnotation(keyword));
  }

  static RuntimeException endless(String pointer) {
    return Refusal.malformed(pointer, "The schema refers to itself without end.");
  }

  /** Refuses what is not known, and what cannot be read. */
  void check(Schema schema) {
    if (checked.add(schema)) {
      budget.spend(CHECK_WEIGHT + schema.pointer().length() + schema.weight());
      Keywords.check(schema, options);
    }
  }
}
