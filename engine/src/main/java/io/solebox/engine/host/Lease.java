package io.solebox.engine.host;

import io.solebox.engine.api.LoadedModel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The right to use a loaded model: it is not unloaded before this is closed. */
public final class Lease implements AutoCloseable {
  private final String name;
  private final LoadedModel model;
  private final Consumer<KeepAlive> keepAlive;
  private final Runnable giveBack;
  private final AtomicBoolean closed = new AtomicBoolean();

  Lease(String name, LoadedModel model, Consumer<KeepAlive> keepAlive, Runnable giveBack) {
    this.name = name;
    this.model = model;
    this.keepAlive = keepAlive;
    this.giveBack = giveBack;
  }

  /** As the catalog has it. */
  public String name() {
    return name;
  }

  public LoadedModel model() {
    return model;
  }

  /**
   * How long the model stays from now on when nobody uses it, until somebody else says otherwise or
   * it is unloaded. A model that is pinned stays all the same.
   */
  public void keepAlive(KeepAlive time) {
    if (!closed.get()) {
      keepAlive.accept(time);
    }
  }

  /** Closing it again does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      giveBack.run();
    }
  }
}
