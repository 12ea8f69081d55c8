package io.solebox.server.receipts;

import io.solebox.engine.generation.ContextShift;
import io.solebox.engine.generation.Generation.Usage;
import io.solebox.engine.generation.SamplingParams;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * An answer in the words of receipts ({@code docs/receipts/receipt.schema.json}): texts and ids as
 * salted digests, fractions as the strings that Java and JavaScript write of doubles.
 */
record AnswerWords(Salt salt) {
  Map<String, Object> of(Answered answer) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("prompt", prompt(answer.wish()));
    fields.put("sampling", sampling(answer.wish()));
    fields.put("answer", answer(answer.ids()));
    fields.put("stop_reason", answer.reason());
    usage(answer.usage(), fields);
    return fields;
  }

  private Map<String, Object> prompt(Answered.Wish wish) {
    int[] ids = wish.prompt().ids();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("tokens", ids.length);
    fields.put("digest", salt.digest("prompt", ids));
    wish.prompt().template().ifPresent(t -> fields.put("template", Sha256.of(t.source())));
    wish.prompt().rendered().ifPresent(now -> fields.put("rendered", now.toString()));
    return fields;
  }

  private Map<String, Object> answer(int[] ids) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("tokens", ids.length);
    fields.put("digest", salt.digest("answer", ids));
    fields.put("block_tokens", Salt.blockTokens(ids.length));
    fields.put("blocks", salt.blocks("answer", ids));
    return fields;
  }

  private Map<String, Object> sampling(Answered.Wish wish) {
    SamplingParams params = wish.sampling();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("seed", String.valueOf(params.seed().orElseThrow()));
    fields.put("max_tokens", params.maxTokens());
    fields.put("temperature", String.valueOf(params.temperature()));
    fields.put("top_k", params.topK() == SamplingParams.ALL ? 0 : params.topK());
    fields.put("top_p", String.valueOf(params.topP()));
    fields.put("min_p", String.valueOf(params.minP()));
    fields.put("typical_p", String.valueOf(params.typicalP()));
    fields.put("repetition_penalty", String.valueOf(params.repetitionPenalty()));
    fields.put("repetition_window", params.repetitionWindow());
    fields.put("presence_penalty", String.valueOf(params.presencePenalty()));
    fields.put("frequency_penalty", String.valueOf(params.frequencyPenalty()));
    Map<String, Object> bias = new TreeMap<>();
    params.logitBias().forEach((id, b) -> bias.put(String.valueOf(id), String.valueOf(b)));
    fields.put("logit_bias", bias);
    params.logprobs().ifPresent(n -> fields.put("logprobs", n));
    fields.put("stop_ids", params.stopIds().stream().sorted().toList());
    fields.put("ignore_eos", params.ignoreEndOfGeneration());
    fields.put("stops", texts("stops ", wish.stops()));
    fields.put("constrained", wish.constrained());
    List<String> held = wish.structures().stream().map(Object::toString).toList();
    fields.put("structures", texts("struct", held));
    wish.shift().ifPresent(shift -> fields.put("context_shift", shift(shift)));
    return fields;
  }

  /** How many, and one digest of all with the length of each in front. */
  private Map<String, Object> texts(String word, List<String> texts) {
    String all =
        texts.stream().map(t -> t.length() + ":" + t).collect(Collectors.joining("\n", "", "\n"));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("count", texts.size());
    if (!texts.isEmpty()) {
      fields.put("digest", salt.digest(word, all));
    }
    return fields;
  }

  private static Map<String, Object> shift(ContextShift shift) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("window", shift.window());
    fields.put("keep", shift.keep());
    fields.put("discard", shift.discard());
    return fields;
  }

  private static void usage(Usage usage, Map<String, Object> fields) {
    Map<String, Object> times = new LinkedHashMap<>();
    times.put("queue_us", TimeUnit.NANOSECONDS.toMicros(usage.queueNanos()));
    times.put("prefill_us", TimeUnit.NANOSECONDS.toMicros(usage.prefillNanos()));
    times.put("decode_us", TimeUnit.NANOSECONDS.toMicros(usage.decodeNanos()));
    fields.put("times", times);
    fields.put("cached_tokens", usage.cachedTokens());
    fields.put("dropped_tokens", usage.droppedTokens());
    usage
        .drafts()
        .ifPresent(
            drafts -> {
              fields.put("drafted_tokens", drafts.drafted());
              fields.put("accepted_draft_tokens", drafts.accepted());
            });
  }
}
