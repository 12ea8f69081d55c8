package io.solebox.app.session;

import io.solebox.app.console.Console;
import io.solebox.app.console.ProgressBar;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Yardstick;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.Lease;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import java.nio.file.Path;
import java.util.List;

/** A device and one model on it, opened for one command. */
public final class Session implements AutoCloseable {
  private final Engine engine;
  private final ModelHost host;
  private final Lease lease;
  private final double loadSeconds;

  private Session(Engine engine, ModelHost host, Lease lease, double loadSeconds) {
    this.engine = engine;
    this.host = host;
    this.lease = lease;
    this.loadSeconds = loadSeconds;
  }

  /** Opens and loads, with progress; prints the notes of both on stderr. */
  public static Session open(Console console, EngineOptions options, Path file, LoadOptions load)
      throws InterruptedException {
    long start = System.nanoTime();
    String name = ModelLocator.nameOf(file);
    Engine engine = options.open();
    var host =
        new ModelHost(
            engine,
            Catalog.of(List.of(new Catalog.Offer(name, file, load))),
            LoadGate.OPEN,
            new LoadWatcher() {});
    try (var bar = new ProgressBar(console, "loading " + name)) {
      Lease lease = host.use(name, bar);
      bar.wipe();
      engine.notes().forEach(note -> console.error("note: " + note));
      lease.model().notes().forEach(note -> console.error("note: " + note));
      return new Session(engine, host, lease, (System.nanoTime() - start) / 1e9);
    } catch (RuntimeException | InterruptedException | Error e) {
      host.close();
      engine.close();
      throw e;
    }
  }

  public LoadedModel model() {
    return lease.model();
  }

  /** From opening the device to a model that can answer. */
  public double loadSeconds() {
    return loadSeconds;
  }

  /** As {@link Engine#yardsticks()}. */
  public List<Yardstick> yardsticks() {
    return engine.yardsticks();
  }

  @Override
  public void close() {
    lease.close();
    host.close();
    engine.close();
  }
}
