package io.solebox.engine.answer.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.answer.call.Schema.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is read of JSON schemas, and of tools. */
class SchemaTest {
  private static Set<Kind> kinds(Map<String, ?> schema) {
    return Schema.read(schema).kinds();
  }

  @Test
  void kindsAreNamedInManyWays() {
    assertEquals(Set.of(Kind.NUMBER), kinds(Map.of("type", "integer")));
    assertEquals(Set.of(Kind.STRING, Kind.NULL), kinds(Map.of("type", List.of("string", "null"))));
    assertEquals(Set.of(Kind.STRING, Kind.NULL), kinds(Map.of("type", "string", "nullable", true)));
    assertEquals(Set.of(Kind.STRING, Kind.NUMBER), kinds(Map.of("enum", List.of("a", 1L, 2.5))));
    Map<String, Object> constant = new HashMap<>();
    constant.put("const", null);
    assertEquals(Set.of(Kind.NULL), kinds(constant));
    assertEquals(
        Set.of(Kind.BOOLEAN, Kind.ARRAY),
        kinds(Map.of("anyOf", List.of(Map.of("type", "boolean"), Map.of("items", Map.of())))));
    assertEquals(Set.of(Kind.OBJECT), kinds(Map.of("properties", Map.of())));
  }

  @Test
  void whatSaysNothingMayBeAnything() {
    for (Object schema : List.of(Map.of(), "x", List.of(), Map.of("type", "any"), true)) {
      assertEquals(Set.of(Kind.values()), Schema.read(schema).kinds());
      assertFalse(Schema.read(schema).named());
    }
  }

  @Test
  void schemasInThemselvesEndSomewhere() {
    Map<String, Object> endless = new HashMap<>();
    endless.put("anyOf", List.of(endless));
    assertEquals(Schema.ANY.kinds(), kinds(endless));
  }

  @Test
  void toolsAreFunctionsAloneOrWrapped() {
    Map<String, Object> parameters =
        Map.of("type", "object", "properties", Map.of("a", Map.of("type", "string")));
    Map<String, Object> function = Map.of("name", "f", "parameters", parameters);
    Map<String, Object> wrapped =
        Map.of("type", "function", "function", Map.of("name", "g", "parameters", parameters));
    Tools tools = Tools.of(List.of(function, wrapped, Map.of("type", "web_search")));
    assertTrue(tools.offered());
    for (String name : List.of("f", "g")) {
      assertTrue(tools.parametersOf(name).property("a").isText());
      assertFalse(tools.parametersOf(name).property("b").isText());
    }
    assertEquals(Schema.ANY, tools.parametersOf("h"));
    assertFalse(Tools.of(List.of()).offered());
  }
}
