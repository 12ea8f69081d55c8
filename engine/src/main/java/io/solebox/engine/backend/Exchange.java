package io.solebox.engine.backend;

/**
 * Where the ranks of a {@link TensorPlan} meet: how an {@link io.solebox.engine.graph.Op.AllReduce}
 * of one waits for those of the others. No wait is without end: one that is not answered is
 * aborted.
 */
public interface Exchange extends AutoCloseable {
  /**
   * One rank has failed and will not come: all who wait come back with an error, now and until
   * {@link #renew}. Called from any thread, more than once where several fail.
   */
  void abort();

  /**
   * Makes the next step possible after an abort; no rank runs meanwhile.
   *
   * @throws io.solebox.engine.error.SoleboxException as {@link Plan#run}
   */
  void renew();

  @Override
  void close();
}
