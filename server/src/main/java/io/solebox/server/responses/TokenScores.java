package io.solebox.server.responses;

import io.solebox.engine.answer.AnswerEvent.Token;
import io.solebox.engine.generation.Generation.Candidate;
import io.solebox.engine.generation.Generation.Logprobs;
import io.solebox.server.answers.TokenParts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code logprobs} of output texts, of JSON's types. */
record TokenScores(TokenParts parts) {
  List<Object> all(List<Token> tokens) {
    List<Object> scores = new ArrayList<>();
    for (Token token : tokens) {
      token.logprobs().ifPresent(logprobs -> scores.add(score(token.id(), logprobs)));
    }
    return scores;
  }

  private Map<String, Object> score(int id, Logprobs logprobs) {
    Map<String, Object> score = one(id, logprobs.chosen());
    List<Object> top = new ArrayList<>();
    for (Candidate candidate : logprobs.top()) {
      top.add(one(candidate.id(), candidate.logprob()));
    }
    score.put("top_logprobs", top);
    return score;
  }

  private Map<String, Object> one(int id, float logprob) {
    return ResponseBody.ordered(
        "token", parts.text(id), "bytes", parts.bytes(id), "logprob", TokenParts.finite(logprob));
  }
}
