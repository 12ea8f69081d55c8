package io.solebox.engine.generation;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How the next token is chosen. Applied in this order: logit bias and penalties, top-k, typical-p,
 * top-p, min-p, temperature, draw.
 *
 * @param maxTokens most tokens to generate, at least 1
 * @param temperature 0 is greedy
 * @param topK keep the k best; {@link #ALL} keeps all
 * @param topP keep the smallest set of at least this probability (Holtzman et al.,
 *     arXiv:1904.09751); 1 keeps all
 * @param minP drop what is less likely than this share of the best; 0 keeps all
 * @param typicalP keep the locally typical set of this probability (Meister et al.,
 *     arXiv:2202.00666); 1 keeps all
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens among the last
 *     {@code repetitionWindow} of prompt and answer; 1 is off
 * @param presencePenalty subtracted once from tokens that the answer has already (OpenAI)
 * @param frequencyPenalty subtracted per earlier appearance in the answer (OpenAI)
 * @param logitBias added to single logits; -100 and less bans
 * @param seed same seed, same answer; empty draws one
 * @param logprobs number of alternatives to report per token, 0 for the chosen one alone; empty for
 *     no logprobs
 * @param stopIds further ids that end the answer
 * @param ignoreEndOfGeneration for benchmarks: go on to {@code maxTokens} whatever comes
 */
public record SamplingParams(
    int maxTokens,
    double temperature,
    int topK,
    double topP,
    double minP,
    double typicalP,
    double repetitionPenalty,
    int repetitionWindow,
    double presencePenalty,
    double frequencyPenalty,
    Map<Integer, Float> logitBias,
    OptionalLong seed,
    OptionalInt logprobs,
    Set<Integer> stopIds,
    boolean ignoreEndOfGeneration) {

  /** No limit for {@link #topK}. */
  public static final int ALL = Integer.MAX_VALUE;

  public static final int MAX_TEMPERATURE = 100;

  /** Most alternatives that {@link #logprobs} may ask for. */
  public static final int MAX_LOGPROBS = 20;

  /** The least size of a number that is not 0: logits are divided by some, and stay finite. */
  private static final double SMALLEST = 1e-30;

  public SamplingParams {
    check(maxTokens >= 1, "max_tokens", "at least 1", maxTokens);
    checkSize(topP, "top_p");
    checkSize(minP, "min_p");
    checkSize(typicalP, "typical_p");
    checkSize(repetitionPenalty, "repetition_penalty");
    checkSize(presencePenalty, "presence_penalty");
    checkSize(frequencyPenalty, "frequency_penalty");
    checkSize(temperature, "temperature");
    check(isTemperature(temperature), "temperature", "0 to " + MAX_TEMPERATURE, temperature);
    check(topK >= 1, "top_k", "at least 1", topK);
    check(topP >= 0 && topP <= 1, "top_p", "0 to 1", topP);
    check(minP >= 0 && minP <= 1, "min_p", "0 to 1", minP);
    check(typicalP >= 0 && typicalP <= 1, "typical_p", "0 to 1", typicalP);
    check(
        repetitionPenalty > 0 && repetitionPenalty <= 100,
        "repetition_penalty",
        "above 0, at most 100",
        repetitionPenalty);
    check(repetitionWindow >= 0, "repetition_window", "at least 0", repetitionWindow);
    check(Math.abs(presencePenalty) <= 2, "presence_penalty", "-2 to 2", presencePenalty);
    check(Math.abs(frequencyPenalty) <= 2, "frequency_penalty", "-2 to 2", frequencyPenalty);
    if (logprobs.isPresent()) {
      int n = logprobs.getAsInt();
      check(n >= 0 && n <= MAX_LOGPROBS, "top_logprobs", "0 to " + MAX_LOGPROBS, n);
    }
    logitBias = Map.copyOf(logitBias);
    stopIds = Set.copyOf(stopIds);
  }

  /** Whether a model file or a person may ask for it. */
  public static boolean isTemperature(double value) {
    return value <= MAX_TEMPERATURE && (value == 0 || value >= SMALLEST);
  }

  private static void checkSize(double value, String name) {
    if (value != 0 && Math.abs(value) < SMALLEST) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          name,
          "is " + value + ", which is too close to 0 to compute with.",
          "Use 0, or a number of at least " + SMALLEST + ".");
    }
  }

  private static void check(boolean ok, String name, String range, Object value) {
    if (!ok) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          name,
          "is " + value + ", but must be " + range + ".",
          "Choose a value in this range.");
    }
  }

  public boolean isGreedy() {
    return temperature == 0;
  }

  /** Greedy, up to {@code maxTokens}, nothing else. */
  public static SamplingParams greedy(int maxTokens) {
    return builder().maxTokens(maxTokens).temperature(0).build();
  }

  /** The same with this seed. */
  public SamplingParams withSeed(long value) {
    return new SamplingParams(
        maxTokens,
        temperature,
        topK,
        topP,
        minP,
        typicalP,
        repetitionPenalty,
        repetitionWindow,
        presencePenalty,
        frequencyPenalty,
        logitBias,
        OptionalLong.of(value),
        logprobs,
        stopIds,
        ignoreEndOfGeneration);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Sets what differs from: temperature 1, everything else off, 256 tokens. */
  public static final class Builder {
    private int maxTokens = 256;
    private double temperature = 1;
    private int topK = ALL;
    private double topP = 1;
    private double minP = 0;
    private double typicalP = 1;
    private double repetitionPenalty = 1;
    private int repetitionWindow = 64;
    private double presencePenalty = 0;
    private double frequencyPenalty = 0;
    private Map<Integer, Float> logitBias = Map.of();
    private OptionalLong seed = OptionalLong.empty();
    private OptionalInt logprobs = OptionalInt.empty();
    private Set<Integer> stopIds = Set.of();
    private boolean ignoreEndOfGeneration;

    private Builder() {}

    public Builder maxTokens(int value) {
      maxTokens = value;
      return this;
    }

    public Builder temperature(double value) {
      temperature = value;
      return this;
    }

    public Builder topK(int value) {
      topK = value;
      return this;
    }

    public Builder topP(double value) {
      topP = value;
      return this;
    }

    public Builder minP(double value) {
      minP = value;
      return this;
    }

    public Builder typicalP(double value) {
      typicalP = value;
      return this;
    }

    public Builder repetitionPenalty(double value) {
      repetitionPenalty = value;
      return this;
    }

    public Builder repetitionWindow(int value) {
      repetitionWindow = value;
      return this;
    }

    public Builder presencePenalty(double value) {
      presencePenalty = value;
      return this;
    }

    public Builder frequencyPenalty(double value) {
      frequencyPenalty = value;
      return this;
    }

    public Builder logitBias(Map<Integer, Float> value) {
      logitBias = value;
      return this;
    }

    public Builder seed(long value) {
      seed = OptionalLong.of(value);
      return this;
    }

    public Builder logprobs(int alternatives) {
      logprobs = OptionalInt.of(alternatives);
      return this;
    }

    public Builder stopIds(Set<Integer> value) {
      stopIds = value;
      return this;
    }

    public Builder ignoreEndOfGeneration(boolean value) {
      ignoreEndOfGeneration = value;
      return this;
    }

    public SamplingParams build() {
      return new SamplingParams(
          maxTokens,
          temperature,
          topK,
          topP,
          minP,
          typicalP,
          repetitionPenalty,
          repetitionWindow,
          presencePenalty,
          frequencyPenalty,
          logitBias,
          seed,
          logprobs,
          stopIds,
          ignoreEndOfGeneration);
    }
  }
}
