package io.solebox.server.chats.run;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.AnswerEvent.Token;
import io.solebox.engine.generation.Generation.Logprobs;
import io.solebox.server.answers.TokenParts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes into a log what happens to an answer. Owned by the answer's thread. */
final class Teller {
  private static final String TEXT = "text";

  private final AnswerLog log;
  private final Optional<TokenParts> logprobs;
  private final List<Object> pending = new ArrayList<>();

  /**
   * @param logprobs with what tokens are written; empty where nobody wants to hear of them
   */
  Teller(AnswerLog log, Optional<TokenParts> logprobs) {
    this.log = log;
    this.logprobs = logprobs;
  }

  void tell(AnswerEvent event) {
    switch (event) {
      case AnswerEvent.Waiting(int ahead) -> log.add("queue", Map.of("place", ahead + 1));
      case AnswerEvent.Prefilling(int computed, int cached, int total) ->
          log.add("prompt", ordered("done", computed, "total", total, "cached", cached));
      case Token token ->
          logprobs.ifPresent(
              parts -> token.logprobs().ifPresent(its -> pending.add(score(parts, token, its))));
      case AnswerEvent.Text(String text) -> tell(TEXT, text);
      case AnswerEvent.Reasoning(String text) -> tell("reasoning", text);
      case AnswerEvent.ToolCallStart(int index, var id, String name) ->
          log.add("call", ordered("index", index, "id", id.orElse(null), "name", name));
      case AnswerEvent.ToolCallArguments(int index, String fragment) ->
          log.add("call", ordered("index", index, "arguments", fragment));
      case AnswerEvent.ToolCallBroken(int index) ->
          log.add("call", ordered("index", index, "broken", true));
      case AnswerEvent.End _ -> {
        if (!pending.isEmpty()) {
          tell(TEXT, "");
        }
      }
    }
  }

  private void tell(String type, String text) {
    Map<String, Object> more = ordered(TEXT, text);
    if (!pending.isEmpty()) {
      more.put("logprobs", List.copyOf(pending));
      pending.clear();
    }
    log.add(type, more);
  }

  private static Object score(TokenParts parts, Token token, Logprobs its) {
    List<Object> top = new ArrayList<>();
    its.top().forEach(c -> top.add(List.of(parts.text(c.id()), TokenParts.finite(c.logprob()))));
    return ordered(
        "token", parts.text(token.id()), "logprob", TokenParts.finite(its.chosen()), "top", top);
  }

  static Map<String, Object> ordered(Object... pairs) {
    Map<String, Object> made = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      made.put((String) pairs[i], pairs[i + 1]);
    }
    return made;
  }
}
