package io.solebox.server.openai;

import io.solebox.engine.answer.AnswerEvent.Token;
import java.util.ArrayList;
import java.util.List;

/** Tokens of a stream that wait for the part that they go with. */
final class PendingTokens {
  private final List<List<Token>> waiting = new ArrayList<>();

  PendingTokens(int choices) {
    for (int i = 0; i < choices; i++) {
      waiting.add(new ArrayList<>());
    }
  }

  void add(int choice, Token token) {
    waiting.get(choice).add(token);
  }

  boolean has(int choice) {
    return !waiting.get(choice).isEmpty();
  }

  List<Token> take(int choice) {
    return waiting.set(choice, new ArrayList<>());
  }
}
