package io.solebox.server.metrics;

import java.util.OptionalDouble;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the answers of one model took, since the start. Safe for many threads.
 *
 * @param queueTime from submission to the first step
 * @param prefillTime from the first step to the first token
 * @param decodeTime from the first token to the last
 * @param answerTime from submission to the end
 * @param firstToken from submission until the first token was read
 * @param interToken from one token to the next, as they were read
 * @param promptSize tokens of a prompt
 * @param answerSize tokens of an answer
 * @param promptTokens of all prompts, with those that were found in the prefix cache
 * @param cachedTokens those that were found there
 * @param generatedTokens of all answers
 * @param finished answers by how they ended
 * @param failed answers that broke off, by the code of the error
 */
public record ModelMetrics(
    Histogram queueTime,
    Histogram prefillTime,
    Histogram decodeTime,
    Histogram answerTime,
    Histogram firstToken,
    Histogram interToken,
    Histogram promptSize,
    Histogram answerSize,
    LongAdder promptTokens,
    LongAdder cachedTokens,
    LongAdder generatedTokens,
    Tally<String> finished,
    Tally<String> failed) {
  /** Fewer say little of how fast a model is. */
  private static final int ENOUGH_TOKENS = 32;

  /** Of one answer, once it writes; empty where too little was written to tell. */
  public OptionalDouble tokensPerSecond() {
    double behindFirst = answerSize.total() - answerSize.count();
    return behindFirst >= ENOUGH_TOKENS && decodeTime.total() > 0
        ? OptionalDouble.of(behindFirst / decodeTime.total())
        : OptionalDouble.empty();
  }

  /** Of a model that has not answered yet. */
  public ModelMetrics() {
    this(
        new Histogram(Buckets.REQUEST_TIMES),
        new Histogram(Buckets.REQUEST_TIMES),
        new Histogram(Buckets.REQUEST_TIMES),
        new Histogram(Buckets.REQUEST_TIMES),
        new Histogram(Buckets.REQUEST_TIMES),
        new Histogram(Buckets.TOKEN_TIMES),
        new Histogram(Buckets.TOKENS),
        new Histogram(Buckets.TOKENS),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new Tally<>(),
        new Tally<>());
  }
}
