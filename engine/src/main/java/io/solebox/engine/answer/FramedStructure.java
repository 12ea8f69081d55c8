package io.solebox.engine.answer;

import io.solebox.engine.constrain.CompiledGrammar;
import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.constrain.structure.Structure;
import io.solebox.engine.constrain.structure.StructureReader;
import io.solebox.engine.constrain.structure.Structures;
import io.solebox.engine.constrain.text.TokenNames;
import io.solebox.engine.regex.CodePointSet;
import io.solebox.engine.tokenizer.Tokenizer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A structure, and what the model writes around it.
 *
 * @param behindThoughts whether it follows thoughts; a little white space may stand in between then
 */
public record FramedStructure(Structure structure, TextFrame frame, boolean behindThoughts) {
  /** A rule that no grammar has. */
  private static final String FRAMED = "with what stands around";

  private static final int MAX_SPACE = 4;

  /** What models put between the parts of an answer. */
  static final Expression SPACE =
      new Expression.Repeat(
          new Expression.Characters(CodePointSet.of(' ').union(CodePointSet.of('\n'))),
          0,
          MAX_SPACE);

  /**
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_GRAMMAR} with what cannot be
   *     honoured, and where it stands
   */
  public CompiledGrammar compile(Structures structures, Tokenizer tokenizer)
      throws InterruptedException {
    boolean plain = !behindThoughts && frame.equals(TextFrame.NONE);
    return plain
        ? structures.compile(structure)
        : structures.compile(this, names -> grammar(tokenizer, names));
  }

  private Grammar grammar(Tokenizer tokenizer, TokenNames names) {
    Grammar own = StructureReader.grammar(structure, names);
    Map<String, Expression> rules = new LinkedHashMap<>(own.rules());
    Expression body = new Expression.Call(own.root());
    rules.put(FRAMED, framed(new SpecialTexts(tokenizer), frame, behindThoughts, body));
    return new Grammar(FRAMED, rules);
  }

  /** A text and what stands around it. */
  static Expression framed(
      SpecialTexts specials, TextFrame frame, boolean behindThoughts, Expression body) {
    Expression before =
        behindThoughts
            ? Expression.sequence(SPACE, specials.expression(frame.behindThoughts().stripLeading()))
            : specials.expression(frame.start());
    Expression behind =
        frame.end().isEmpty()
            ? Expression.EMPTY
            : Expression.sequence(SPACE, specials.expression(frame.end().strip())).optional();
    return Expression.sequence(before, body, behind);
  }
}
