package io.solebox.engine.constrain.structure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.constrain.CompiledGrammar;
import io.solebox.engine.constrain.text.TokenNames;
import io.solebox.engine.json.JsonWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuotedGrammarTest {
  private static CompiledGrammar quoted(Structure text) {
    return CompiledGrammar.of(
        StructureReader.grammar(new Structure.Quoted("input", text), TokenNames.NONE));
  }

  private static String json(String text) {
    return new JsonWriter().text(Map.of("input", text)).replace("\\u001F", "\\u001f");
  }

  /** As its own grammar takes it, and as JSON writes it, every text is in the quoted one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "\"",
        "\\",
        "\n",
        "\t\r\b\f",
        "a\"b\\c\nd",
        "\u0001\u001f",
        "ü€😀",
        "/",
        "\u007f"
      })
  void whatIsTakenIsTakenAsJsonWritesIt(String text) {
    List<Structure> all =
        List.of(
            new Structure.Choice(List.of(text)),
            new Structure.Regex("[\\s\\S]{" + text.codePointCount(0, text.length()) + "}"),
            new Structure.Gbnf("root ::= any* \nany ::= [^\\U0010FFFF]"));
    for (Structure structure : all) {
      CompiledGrammar grammar = quoted(structure);
      assertTrue(grammar.accepts(json(text)), () -> structure + " " + json(text));
      assertTrue(grammar.accepts(json(text).replace(":\"", ": \"")), structure::toString);
    }
    CompiledGrammar one = quoted(all.getFirst());
    assertFalse(one.accepts(json(text + "x")) || one.accepts(json("x" + text)));
    assertFalse(one.accepts(json(text) + " ") || one.accepts("{}"));
  }

  @Test
  void charactersThatJsonDoesNotTakeAsTheyAreAreEscaped() {
    CompiledGrammar grammar = quoted(new Structure.Regex("[\\s\\S]"));
    assertFalse(grammar.accepts("{\"input\":\"\n\"}"));
    assertFalse(grammar.accepts("{\"input\":\"\"\"}"));
    assertFalse(grammar.accepts("{\"input\":\"\\\"}"));
    assertEquals("{\"input\":\"\\n\"}", json("\n"));
  }

  /** A few states more for each, however many characters are escaped. */
  @Test
  void longTextsStayWithinTheLimits() {
    CompiledGrammar free = quoted(new Structure.Regex("[\\s\\S]{5000}"));
    CompiledGrammar plain =
        CompiledGrammar.of(
            StructureReader.grammar(new Structure.Regex("[\\s\\S]{5000}"), TokenNames.NONE));
    assertTrue(free.size() < 12 * plain.size(), () -> free.size() + " of " + plain.size());
    assertTrue(free.accepts(json("\n".repeat(5000))));
    assertFalse(free.accepts(json("\n".repeat(4999))));
  }
}
