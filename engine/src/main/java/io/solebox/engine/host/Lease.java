package io.solebox.engine.host;

import io.solebox.engine.api.LoadedModel;
import java.util.concurrent.atomic.AtomicBoolean;

/** The right to use a loaded model: it is not unloaded before this is closed. */
public final class Lease implements AutoCloseable {
  private final String name;
  private final LoadedModel model;
  private final Runnable giveBack;
  private final AtomicBoolean closed = new AtomicBoolean();

  Lease(String name, LoadedModel model, Runnable giveBack) {
    this.name = name;
    this.model = model;
    this.giveBack = giveBack;
  }

  /** As the catalog has it. */
  public String name() {
    return name;
  }

  public LoadedModel model() {
    return model;
  }

  /** Closing it again does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      giveBack.run();
    }
  }
}
