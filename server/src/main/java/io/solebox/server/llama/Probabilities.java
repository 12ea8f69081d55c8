package io.solebox.server.llama;

import io.solebox.engine.answer.AnswerEvent.Token;
import io.solebox.engine.generation.Generation.Candidate;
import io.solebox.engine.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code completion_probabilities}, as {@code n_probs} asks for them. */
record Probabilities(Tokenizer tokenizer) {
  /** JSON has no number for the logarithm of zero. */
  private static final double NEVER = -9999;

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
    byte[] bytes = tokenizer.tokenBytes(id);
    List<Object> numbers = new ArrayList<>();
    for (byte b : bytes) {
      numbers.add(Byte.toUnsignedInt(b));
    }
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("id", id);
    one.put("token", new String(bytes, StandardCharsets.UTF_8));
    one.put("bytes", numbers);
    one.put("logprob", Math.max(NEVER, logprob));
    return one;
  }
}
