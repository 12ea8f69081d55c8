package io.solebox.app.quality;

import io.solebox.app.quality.Chunks.Chunk;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;

/**
 * How well a model foretells a text: the exponential of the mean of {@code -ln p} over the tokens
 * that are scored. Its standard error is that of the mean, carried over: the tokens are taken for
 * independent, which they are not quite.
 */
final class Perplexity {
  private final Moments surprise = new Moments(); // -ln p of each token
  private final Curve curve = new Curve();
  private long bytes;

  /** Scores the ids of a chunk. */
  void add(LoadedModel model, Chunk chunk) throws InterruptedException {
    float[] logprobs = model.score(chunk.ids(), chunk.from());
    for (int i = 0; i < logprobs.length; i++) {
      int id = chunk.ids()[chunk.from() + i];
      surprise.add(-requireFinite(logprobs[i], chunk.from() + i));
      bytes += model.tokenizer().tokenBytes(id).length;
    }
    curve.add(surprise.count(), value(), standardError());
  }

  /**
   * @throws SoleboxException {@code NON_FINITE} where a token has no probability at all: the
   *     perplexity would be infinite
   */
  static double requireFinite(double logprob, int position) {
    if (!Double.isFinite(logprob)) {
      throw new SoleboxException(
          ErrorCode.NON_FINITE,
          "token " + position + " of a chunk",
          "Its probability is " + (Double.isNaN(logprob) ? "not a number." : "0."),
          "Try --kv-type f32. If that does not help, the model file is damaged: verify it, or"
              + " download it again.");
    }
    return logprob;
  }

  long scored() {
    return surprise.count();
  }

  /** Mean of {@code -ln p}, in nats. */
  double meanSurprise() {
    return surprise.mean();
  }

  double meanSurpriseError() {
    return surprise.standardError();
  }

  double value() {
    return Math.exp(surprise.mean());
  }

  double standardError() {
    return value() * surprise.standardError();
  }

  /** UTF-8 bytes that the scored tokens stand for. */
  long bytes() {
    return bytes;
  }

  /** Bits of surprise per byte of text, which models of other vocabularies can be compared by. */
  double bitsPerByte() {
    return surprise.mean() * surprise.count() / Math.log(2) / bytes;
  }

  Curve curve() {
    return curve;
  }
}
