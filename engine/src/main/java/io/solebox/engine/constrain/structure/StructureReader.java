package io.solebox.engine.constrain.structure;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.constrain.pattern.Budget;
import io.solebox.engine.constrain.pattern.Language;
import io.solebox.engine.constrain.pattern.Pattern;
import io.solebox.engine.constrain.schema.CallForm;
import io.solebox.engine.constrain.schema.JsonSchema;
import io.solebox.engine.constrain.schema.SchemaOptions;
import io.solebox.engine.constrain.structure.Structure.Choice;
import io.solebox.engine.constrain.structure.Structure.Gbnf;
import io.solebox.engine.constrain.structure.Structure.JsonObject;
import io.solebox.engine.constrain.structure.Structure.Lark;
import io.solebox.engine.constrain.structure.Structure.Quoted;
import io.solebox.engine.constrain.structure.Structure.Regex;
import io.solebox.engine.constrain.structure.Structure.Schema;
import io.solebox.engine.constrain.text.GbnfReader;
import io.solebox.engine.constrain.text.LarkReader;
import io.solebox.engine.constrain.text.TokenNames;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.regex.RegexException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Makes grammars of what people say. */
public final class StructureReader {
  private static final String ANY_OBJECT = "{\"type\":\"object\"}";

  private StructureReader() {}

  /**
   * @param tokens that a grammar may name
   * @throws SoleboxException {@code BAD_GRAMMAR} with what cannot be honoured, and where it stands
   */
  public static Grammar grammar(Structure structure, TokenNames tokens) {
    return grammar(structure, tokens, new Budget());
  }

  /**
   * @param budget of the grammar that this becomes a part of
   * @throws SoleboxException likewise
   */
  public static Grammar grammar(Structure structure, TokenNames tokens, Budget budget) {
    return switch (structure) {
      case JsonObject _ -> schema(ANY_OBJECT, budget);
      case Schema(String json) -> schema(json, budget);
      case Regex(String pattern) -> Pattern.grammar(pattern, budget);
      case Choice(List<String> texts) -> choice(texts, budget);
      case Gbnf(String grammar) -> GbnfReader.read(grammar, tokens);
      // What a JSON string spells has no tokens of its own.
      case Quoted(String member, Structure text) ->
          QuotedGrammar.object(member, grammar(text, TokenNames.NONE, budget));
      case Lark(String grammar) ->
          LarkReader.read(grammar, (text, flags) -> pattern(text, flags, budget), tokens);
    };
  }

  /**
   * The arguments of a call that are no JSON object.
   *
   * @throws SoleboxException likewise; and for structures that are not of JSON
   */
  public static Grammar arguments(Structure structure, CallForm form, Budget budget) {
    return switch (structure) {
      case JsonObject _ -> arguments(ANY_OBJECT, form, budget);
      case Schema(String json) -> arguments(json, form, budget);
      case Regex _, Choice _, Gbnf _, Lark _, Quoted _ ->
          throw new SoleboxException(
              ErrorCode.BAD_GRAMMAR,
              "",
              "This model does not write what a tool gets as JSON, and cannot be held to a grammar"
                  + " there.",
              "Leave the grammar out, or use a tool with a JSON schema.");
    };
  }

  private static Grammar arguments(String schema, CallForm form, Budget budget) {
    return JsonSchema.arguments(
        schema.getBytes(StandardCharsets.UTF_8), SchemaOptions.DEFAULT, budget, form);
  }

  private static Grammar schema(String schema, Budget budget) {
    return JsonSchema.grammar(
        schema.getBytes(StandardCharsets.UTF_8), SchemaOptions.DEFAULT, budget);
  }

  private static Grammar choice(List<String> texts, Budget budget) {
    if (texts.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.BAD_GRAMMAR, "", "There is nothing to choose from.", "Give a text, at least.");
    }
    try {
      return Grammar.of(new Expression.Regular(Language.texts(texts, budget).automaton()));
    } catch (RegexException e) {
      throw new SoleboxException(
          ErrorCode.BAD_GRAMMAR,
          "choice",
          "The texts cannot be chosen from: " + e.getMessage() + ".",
          "Give fewer or shorter texts.",
          e);
    }
  }

  /** Flags that change nothing, since patterns are over characters of Unicode, are left out. */
  private static Expression pattern(String pattern, String flags, Budget budget) {
    String kept = flags.replaceAll("[ul]", "");
    String whole = kept.isEmpty() ? pattern : "(?" + kept + ":" + pattern + ")";
    Grammar grammar = Pattern.grammar(whole, budget);
    return grammar.rules().get(grammar.root());
  }
}
