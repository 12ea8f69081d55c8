package io.solebox.server.answers;

import io.solebox.engine.answer.AnswerEvent.Token;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.generation.Generation.Candidate;
import io.solebox.engine.generation.Generation.Logprobs;
import io.solebox.engine.generation.Requester;
import io.solebox.engine.tokenizer.StreamingDecoder;
import io.solebox.engine.tokenizer.Tokenizer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * What a model thought of the tokens of a prompt. The first has nothing before it, and no score.
 */
final class PromptScores {
  private PromptScores() {}

  /**
   * Computes the prompt.
   *
   * @param alternatives a token
   */
  static List<Token> of(LoadedModel model, int[] prompt, int alternatives, Requester who)
      throws InterruptedException {
    Logprobs[] scores = new Logprobs[prompt.length];
    if (prompt.length > 1 && alternatives == 0) {
      fillChosen(scores, model, prompt, who);
    } else if (prompt.length > 1) {
      fillRanked(scores, model, prompt, alternatives, who);
    }
    return placed(model.tokenizer(), prompt, scores);
  }

  /** Without alternatives no logits leave the engine: it goes at the speed of a prompt. */
  private static void fillChosen(Logprobs[] scores, LoadedModel model, int[] prompt, Requester who)
      throws InterruptedException {
    float[] logprobs = model.score(prompt, 1, who);
    for (int i = 0; i < logprobs.length; i++) {
      scores[i + 1] = new Logprobs(logprobs[i], List.of());
    }
  }

  private static void fillRanked(
      Logprobs[] scores, LoadedModel model, int[] prompt, int alternatives, Requester who)
      throws InterruptedException {
    model.logits(
        prompt,
        0,
        (position, logits) -> {
          if (position + 1 < prompt.length) {
            scores[position + 1] = score(logits, prompt[position + 1], alternatives);
          }
        },
        who);
  }

  private static List<Token> placed(Tokenizer tokenizer, int[] prompt, Logprobs[] scores) {
    StreamingDecoder decoder = tokenizer.streamingDecoder(true);
    List<Token> tokens = new ArrayList<>();
    long offset = 0;
    for (int i = 0; i < prompt.length; i++) {
      tokens.add(new Token(prompt[i], offset, Optional.ofNullable(scores[i])));
      boolean added = i == 0 && tokenizer.addsBos() && tokenizer.bos().orElse(-1) == prompt[0];
      offset += added ? 0 : decoder.accept(prompt[i]).length(); // what was added is not in the text
    }
    return tokens;
  }

  /**
   * @param logits f32 [V]
   * @param alternatives at least 1
   */
  private static Logprobs score(MemorySegment logits, int chosen, int alternatives) {
    int vocab = (int) (logits.byteSize() / Float.BYTES);
    double max = Double.NEGATIVE_INFINITY;
    for (int id = 0; id < vocab; id++) {
      max = Math.max(max, at(logits, id));
    }
    double sum = 0;
    PriorityQueue<Candidate> best =
        new PriorityQueue<>(Comparator.comparingDouble(Candidate::logprob));
    for (int id = 0; id < vocab; id++) {
      float logit = at(logits, id);
      sum += Math.exp(logit - max);
      if (best.size() < alternatives || logit > best.peek().logprob()) {
        best.add(new Candidate(id, logit));
        if (best.size() > alternatives) {
          best.remove();
        }
      }
    }
    double total = max + Math.log(sum);
    List<Candidate> top =
        best.stream()
            .sorted(Comparator.comparingDouble(Candidate::logprob).reversed())
            .map(c -> new Candidate(c.id(), (float) (c.logprob() - total)))
            .toList();
    return new Logprobs((float) (at(logits, chosen) - total), top);
  }

  private static float at(MemorySegment logits, int id) {
    return logits.getAtIndex(ValueLayout.JAVA_FLOAT, id);
  }
}
