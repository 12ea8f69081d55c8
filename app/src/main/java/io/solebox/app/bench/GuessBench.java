package io.solebox.app.bench;

import static io.solebox.app.bench.Yardsticks.line;

import io.solebox.app.bench.report.Spread;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.Generation.Drafts;
import io.solebox.engine.generation.Generation.Usage;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.SamplingParams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What guesses bring: the same greedy answers with and without them, in turn, to three texts. A
 * model that has learned no text says answers that were recorded.
 */
final class GuessBench {
  private final LoadedModel model;
  private final boolean recorded;
  private final int newTokens;
  private final int repetitions;

  /**
   * @param recorded whether the model is made to say recorded answers
   * @param newTokens of an answer, at most
   */
  GuessBench(LoadedModel model, boolean recorded, int newTokens, int repetitions) {
    this.model = model;
    this.recorded = recorded;
    this.newTokens = newTokens;
    this.repetitions = repetitions;
  }

  /** One answer. */
  private record Answer(List<Integer> ids, Usage usage) {
    double tokensPerSecond() {
      return (usage.completionTokens() - 1) * 1e9 / usage.decodeNanos();
    }
  }

  /**
   * What was measured of a text.
   *
   * @param drafts of all answers together
   * @param isSame whether each answer with guesses is the one without them
   */
  record Row(
      SampleText text,
      int promptTokens,
      int newTokens,
      Spread plain,
      Spread guessed,
      Drafts drafts,
      boolean isSame) {
    double speedup() {
      return guessed.median() / plain.median();
    }

    Map<String, Object> fields() {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("text", text.title);
      fields.put("prompt_tokens", promptTokens);
      fields.put("new_tokens", newTokens);
      fields.put("plain_tokens_per_second", plain.fields());
      fields.put("guessed_tokens_per_second", guessed.fields());
      fields.put("speedup", speedup());
      fields.put("drafted_tokens", drafts.drafted());
      fields.put("accepted_draft_tokens", drafts.accepted());
      fields.put("same_answer", isSame);
      return fields;
    }

    List<String> lines() {
      double share = drafts.drafted() == 0 ? 0 : 100.0 * drafts.accepted() / drafts.drafted();
      var lines = new ArrayList<String>();
      lines.add("%s, %d tokens after %d".formatted(text.title, newTokens, promptTokens));
      lines.add(line("without guesses", "%s tokens/s", plain.text()));
      lines.add(line("with guesses", "%s tokens/s, %.2f times", guessed.text(), speedup()));
      lines.add(line("guessed", "%d tokens, %.0f %% of them right", drafts.drafted(), share));
      if (!isSame) {
        lines.add(line("", "%s", "the answers differ: larger steps round otherwise here"));
      }
      return lines;
    }
  }

  /** All texts, after a warm-up. */
  List<Row> run() throws InterruptedException {
    for (boolean guesses : new boolean[] {false, true, true}) {
      answer(request(SampleText.SUMMARY, 0), guesses);
    }
    var rows = new ArrayList<Row>();
    for (SampleText text : SampleText.values()) {
      rows.add(row(text));
    }
    return rows;
  }

  private Row row(SampleText text) throws InterruptedException {
    List<Answer> plain = new ArrayList<>();
    List<Answer> guessed = new ArrayList<>();
    boolean isSame = true;
    for (int i = 1; i <= repetitions; i++) {
      GenerationRequest request = request(text, i);
      plain.add(answer(request, false));
      guessed.add(answer(request, true));
      isSame &= plain.getLast().ids().equals(guessed.getLast().ids());
    }
    return new Row(
        text,
        plain.getFirst().usage().promptTokens(),
        plain.getFirst().ids().size(),
        new Spread(plain.stream().map(Answer::tokensPerSecond).toList()),
        new Spread(guessed.stream().map(Answer::tokensPerSecond).toList()),
        guessed.stream()
            .map(a -> a.usage().drafts().orElseThrow())
            .reduce(new Drafts(0, 0), Drafts::plus),
        isSame);
  }

  /**
   * @param round has a prompt of its own: of one that it knows, a draft model finds its way through
   *     in its prefix cache
   */
  private GenerationRequest request(SampleText text, int round) {
    if (!recorded) {
      return GenerationRequest.of(text.ids(model, round), params(newTokens));
    }
    SampleText.Recorded known = text.recorded(model.info().vocabSize(), round);
    int[] answer = Arrays.copyOf(known.answer(), Math.min(newTokens, known.answer().length));
    return GenerationRequest.of(known.prompt(), params(answer.length))
        .withConstraint(new RecordedAnswer(answer, model.info().vocabSize()));
  }

  private static SamplingParams params(int tokens) {
    return SamplingParams.builder()
        .maxTokens(tokens)
        .temperature(0)
        .ignoreEndOfGeneration(true)
        .build();
  }

  private Answer answer(GenerationRequest request, boolean guesses) throws InterruptedException {
    GenerationRequest own =
        request.constraint().map(c -> request.withConstraint(c.fork())).orElse(request);
    var ids = new ArrayList<Integer>();
    try (Generation generation = model.submit(own.withSpeculation(guesses))) {
      while (true) {
        switch (generation.next()) {
          case Generation.Queued _, Generation.Prefilling _ -> {
            // Only tokens count.
          }
          case Generation.Token token -> ids.add(token.id());
          case Generation.End(var _, var usage) -> {
            return new Answer(ids, usage);
          }
          case Generation.Failed(SoleboxException error) -> throw error;
        }
      }
    }
  }

  /** What stands above the rows. */
  String headline() {
    return String.format(
        Locale.ROOT,
        "%s, %s%s",
        model.info().name(),
        model.device(),
        recorded ? ", answers as recorded" : "");
  }
}
