package io.solebox.app.quality;

import java.util.Arrays;

/** How far a second model is from a first over all tokens that are scored. */
final class Divergence {
  private final Moments divergence = new Moments();
  private final Moments surpriseA = new Moments();
  private final Moments surpriseB = new Moments();
  private final Moments difference = new Moments(); // of surprises, second minus first
  private final Moments change = new Moments(); // of the probability of what follows
  private final Moments squaredChange = new Moments();
  private final Curve curve = new Curve();
  private double together; // sum of products of both surprises' distances to their means
  private long agreeing;
  private double[] all = new double[1024];

  /** Takes one place of the text. */
  void add(RowPair row) {
    int n = (int) divergence.count();
    all = n == all.length ? Arrays.copyOf(all, 2 * n) : all;
    all[n] = row.divergence();
    divergence.add(row.divergence());
    agreeing += row.agrees() ? 1 : 0;
    double before = -row.logprobA() - surpriseA.mean();
    surpriseA.add(-row.logprobA());
    surpriseB.add(-row.logprobB());
    together += before * (-row.logprobB() - surpriseB.mean());
    difference.add(row.logprobA() - row.logprobB());
    double moved = Math.exp(row.logprobB()) - Math.exp(row.logprobA());
    change.add(moved);
    squaredChange.add(moved * moved);
  }

  /** A point of the curve. */
  void mark() {
    curve.add(divergence.count(), divergence.mean(), divergence.standardError());
  }

  Curve curve() {
    return curve;
  }

  long scored() {
    return divergence.count();
  }

  double mean() {
    return divergence.mean();
  }

  double standardError() {
    return divergence.standardError();
  }

  /**
   * The divergence below which this share of the tokens lie, between two of them in proportion.
   *
   * @param share 0 to 1
   */
  double quantile(double share) {
    double[] sorted = Arrays.copyOf(all, (int) divergence.count());
    Arrays.sort(sorted);
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /** Share of the tokens at which both have the same favourite. */
  double agreement() {
    return (double) agreeing / scored();
  }

  double agreementError() {
    double share = agreement();
    return scored() < 2 ? 0 : Math.sqrt(share * (1 - share) / (scored() - 1));
  }

  /** Of the probability of the token that follows, second minus first. */
  double meanChange() {
    return change.mean();
  }

  double meanChangeError() {
    return change.standardError();
  }

  /** The root of the mean of its squares. */
  double rmsChange() {
    return Math.sqrt(squaredChange.mean());
  }

  double rmsChangeError() {
    double rms = rmsChange();
    return rms > 0 ? squaredChange.standardError() / (2 * rms) : 0;
  }

  double perplexityA() {
    return Math.exp(surpriseA.mean());
  }

  double perplexityAError() {
    return perplexityA() * surpriseA.standardError();
  }

  double perplexityB() {
    return Math.exp(surpriseB.mean());
  }

  double perplexityBError() {
    return perplexityB() * surpriseB.standardError();
  }

  /** The second perplexity over the first. */
  double ratio() {
    return Math.exp(difference.mean());
  }

  /** Of the pairs, which says more than the errors of both: they rise and fall together. */
  double ratioError() {
    return ratio() * difference.standardError();
  }

  /** Of the logs of both probabilities (Pearson); NaN where one does not vary. */
  double correlation() {
    return together / (scored() - 1) / Math.sqrt(surpriseA.variance() * surpriseB.variance());
  }
}
