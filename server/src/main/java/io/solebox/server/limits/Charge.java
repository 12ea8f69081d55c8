package io.solebox.server.limits;

import java.util.function.Consumer;

/**
 * What one request has used of one model since somebody wrote that down. It counts as a request
 * when it has used something. Safe for many threads.
 */
public final class Charge implements AutoCloseable {
  private final Payer payer;
  private final String model;
  private final Consumer<Charge> settles;
  private final Consumer<Charge> ends;
  private Used waiting = Used.NOTHING; // guarded by this, as the next two
  private boolean counted;
  private boolean closed;

  /**
   * @param settles writes down what waits
   * @param ends hears that nothing more is expected
   */
  public Charge(Payer payer, String model, Consumer<Charge> settles, Consumer<Charge> ends) {
    this.payer = payer;
    this.model = model;
    this.settles = settles;
    this.ends = ends;
  }

  public Payer payer() {
    return payer;
  }

  public String model() {
    return model;
  }

  /** Tokens of a prompt that is computed. */
  public void prompt(long tokens) {
    add(new Used(0, tokens, 0, 0));
  }

  /** How many of these were in the prefix cache. */
  public void cached(long tokens) {
    add(new Used(0, 0, tokens, 0));
  }

  public void generated(long tokens) {
    add(new Used(0, 0, 0, tokens));
  }

  private void add(Used more) {
    boolean late;
    synchronized (this) {
      long requests = counted ? 0 : 1;
      counted = true;
      waiting = waiting.plus(new Used(requests, more.prompt(), more.cached(), more.generated()));
      late = closed;
    }
    if (late) {
      settle(); // what was made when its reader had left
    }
  }

  /** Takes what waits: whoever gets it must write it down. */
  public synchronized Used take() {
    Used taken = waiting;
    waiting = Used.NOTHING;
    return taken;
  }

  /** What has been used so far outlives this process from now on. */
  public void settle() {
    settles.accept(this);
  }

  /** The request is over. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    settle();
    ends.accept(this);
  }
}
