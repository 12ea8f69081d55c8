package io.solebox.server.openai;

import io.solebox.engine.answer.AnswerEvent.Token;
import io.solebox.server.params.Whole;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Ids of tokens as arrays. */
final class TokenIds {
  private TokenIds() {}

  /**
   * @param values of an array
   */
  static int[] read(List<?> values, String param, int vocabSize) {
    int[] ids = new int[values.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Whole.inRange(values.get(i), param, 0, vocabSize - 1);
    }
    return ids;
  }

  static void write(JsonGenerator out, String member, List<Token> tokens) {
    write(out, member, tokens.stream().mapToInt(Token::id).toArray());
  }

  static void write(JsonGenerator out, String member, int[] ids) {
    out.writeArrayPropertyStart(member);
    for (int id : ids) {
      out.writeNumber(id);
    }
    out.writeEndArray();
  }
}
