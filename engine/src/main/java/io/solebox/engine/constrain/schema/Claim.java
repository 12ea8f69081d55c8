package io.solebox.engine.constrain.schema;

/**
 * @param holds whether the schema is to hold, or not to
 */
record Claim(Schema schema, boolean holds) {
  static Claim holds(Schema schema) {
    return new Claim(schema, true);
  }

  static Claim fails(Schema schema) {
    return new Claim(schema, false);
  }
}
