package io.solebox.server.llama;

import io.solebox.engine.answer.AnswerEvent.Token;
import io.solebox.engine.generation.Generation.Candidate;
import io.solebox.server.answers.TokenParts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code completion_probabilities}, as {@code n_probs} asks for them. */
record Probabilities(TokenParts parts) {
  Map<String, Object> of(Token token) {
    Map<String, Object> written = one(token.id(), token.logprobs().orElseThrow().chosen());
    List<Object> top = new ArrayList<>();
    for (Candidate candidate : token.logprobs().orElseThrow().top()) {
      top.add(one(candidate.id(), candidate.logprob()));
    }
    written.put("top_logprobs", top);
    return written;
  }

  private Map<String, Object> one(int id, float logprob) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("id", id);
    one.put("token", parts.text(id));
    one.put("bytes", parts.bytes(id));
    one.put("logprob", TokenParts.finite(logprob));
    return one;
  }
}
