package io.solebox.engine.answer.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.answer.call.Schema.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"$ref":"#/$defs/unit"}                                 | STRING
          {"allOf":[{"$ref":"#/$defs/unit"}],"default":"C"}       | STRING
          {"anyOf":[{"$ref":"#/$defs/unit"},{"type":"null"}]}     | STRING NULL
          {"$ref":"#/$defs/a~1b%25"}                              | NUMBER
          {"$ref":"#/$defs/places/anyOf/1"}                       | BOOLEAN
          {"$ref":"#/$defs/chain"}                                | STRING
          {"$ref":"#/$defs/tree"}                                 | OBJECT
          {"allOf":[{"type":["string","number"]},{"enum":[1,2]}]} | NUMBER
          {"type":["string","number"],"anyOf":[{"const":"a"}]}    | STRING
          {"anyOf":[{"type":"string"},{}]}                        | any
          {"$ref":"#/$defs/missing"}                              | any
          {"$ref":"#/$defs/places/anyOf/7"}                       | any
          {"$ref":"#loop"}                                        | any
          {"$ref":"#/$defs/loop"}                                 | any
          {"$ref":"#/$defs/choices"}                              | any
          {"allOf":[null,1,{"type":"string"}],"anyOf":[null]}     | STRING
          """)
  void referencesAndJoinedSchemasAreFollowed(String property, String kinds) {
    String schema =
        """
        {"properties":{"a":%s},"$defs":{
          "unit":{"enum":["C","F"]},
          "a/b%%":{"type":"integer"},
          "places":{"anyOf":[{"type":"string"},{"type":"boolean"}]},
          "chain":{"allOf":[{"allOf":[{"$ref":"#/$defs/unit"}]}]},
          "tree":{"type":"object","properties":{"child":{"$ref":"#/$defs/tree"}}},
          "loop":{"allOf":[{"$ref":"#/$defs/loop"}]},
          "choices":{"anyOf":[{"$ref":"#/$defs/choices"},{"$ref":"#/$defs/choices"}]}}}
        """
            .formatted(property);
    Schema read = Schema.parse(schema).property("a");
    String names =
        read.named()
            ? read.kinds().stream().map(Kind::name).collect(Collectors.joining(" "))
            : "any";
    assertEquals(kinds, names);
  }

  @Test
  void membersAreTheirsThatAreReferredTo() {
    Schema tree =
        Schema.parse(
            """
            {"$ref":"#/$defs/tree","$defs":{"tree":{"properties":{
              "children":{"items":{"$ref":"#"}}, "name":{"type":"string"}},
              "additionalProperties":{"type":"integer"}}}}
            """);
    for (int i = 0; i < 50; i++) {
      assertEquals(Set.of("children", "name"), tree.names());
      assertTrue(tree.property("name").isText());
      assertEquals(Set.of(Kind.NUMBER), tree.property("other").kinds());
      tree = tree.property("children").element();
    }
  }

  @Test
  void referencesInResourcesOfTheirOwnAreLeftAlone() {
    String inner = "{\"$id\":\"b\",\"allOf\":[{\"$ref\":\"#/$defs/d\"}],\"$defs\":{\"d\":{}}}";
    String schema = "{\"properties\":{\"a\":%s},\"$defs\":{\"d\":{\"type\":\"string\"}}}";
    assertFalse(Schema.parse(schema.formatted(inner)).property("a").named());
    String same = inner.replace("\"$id\":\"b\",", "");
    assertTrue(Schema.parse(schema.formatted(same)).property("a").isText());
  }

  @Test
  void whereNamesOrPlacesHavePatternsNothingIsKnownOfOthers() {
    String type = "{\"type\":\"string\"}";
    Schema named =
        Schema.parse("{\"patternProperties\":{},\"additionalProperties\":%s}".formatted(type));
    assertFalse(named.property("a").named());
    assertFalse(Schema.parse("{\"prefixItems\":[],\"items\":" + type + "}").element().named());
    assertTrue(Schema.parse("{\"items\":" + type + "}").element().isText());
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
