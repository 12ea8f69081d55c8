package io.solebox.engine.constrain.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values that a schema names. */
final class Literals {
  private Literals() {}

  /** A schema of exactly one array or object, in the order in which it was written. */
  static Schema schema(Schema outer, String pointer, Object value) {
    Map<String, Object> keywords = new LinkedHashMap<>();
    if (value instanceof List<?> list) {
      keywords.put("type", "array");
      keywords.put("prefixItems", list.stream().map(Literals::constant).toList());
      keywords.put("items", false);
      keywords.put("minItems", (long) list.size());
    } else {
      Map<?, ?> map = (Map<?, ?>) value;
      Map<String, Object> properties = new LinkedHashMap<>();
      map.forEach((name, member) -> properties.put((String) name, constant(member)));
      keywords.put("type", "object");
      keywords.put("properties", properties);
      keywords.put("required", new ArrayList<Object>(properties.keySet()));
      keywords.put("additionalProperties", false);
    }
    return new Schema(pointer, outer.base(), keywords);
  }

  private static Object constant(Object value) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("const", value); // perhaps null
    return schema;
  }

  /** Whether two scalars are one value: 1 and 1.0 are. */
  static boolean same(Object a, Object b) {
    if (a instanceof Number one && b instanceof Number other) {
      BigDecimal first = Kind.decimal(one);
      return first.compareTo(Kind.decimal(other)) == 0;
    }
    return a == null ? b == null : a.equals(b);
  }
}
