package io.solebox.app.session;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.ProgressBar;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadableModel;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Yardstick;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.Lease;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.source.ModelSource;
import io.solebox.hardware.box.MachineBox;
import java.nio.file.Path;
import java.util.List;

/** A device and one model on it, opened for one command. */
public final class Session implements AutoCloseable {
  private final Engine engine;
  private final LoadedModel model;
  private final Runnable unload;
  private final double loadSeconds;

  private Session(Engine engine, LoadedModel model, Runnable unload, double loadSeconds) {
    this.engine = engine;
    this.model = model;
    this.unload = unload;
    this.loadSeconds = loadSeconds;
  }

  /**
   * Opens and loads, with progress; prints the notes of both on stderr. An adapter that is loaded
   * with the model is used.
   */
  public static Session open(Console console, EngineOptions options, Path file, LoadOptions load)
      throws InterruptedException {
    return open(console, options, file, load, LoadGate.OPEN);
  }

  /**
   * The same of a model that must have logits.
   *
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} for one that has none
   */
  public static Session openToAnswer(
      Console console, EngineOptions options, Path file, LoadOptions load)
      throws InterruptedException {
    return open(console, options, file, load, new AnswersOnly());
  }

  private static Session open(
      Console console, EngineOptions options, Path file, LoadOptions load, LoadGate gate)
      throws InterruptedException {
    ModelUse use = ModelUse.of(file, load, "runs it");
    try {
      return open(console, options, file, load, gate, use);
    } catch (RuntimeException | InterruptedException | Error e) {
      use.close();
      throw e;
    }
  }

  private static Session open(
      Console console,
      EngineOptions options,
      Path file,
      LoadOptions load,
      LoadGate gate,
      ModelUse use)
      throws InterruptedException {
    long start = System.nanoTime();
    String name = ModelLocator.nameOf(file);
    Engine engine = held(console, options);
    var host =
        new ModelHost(
            engine,
            Catalog.of(List.of(new Catalog.Offer(name, file, load))),
            gate,
            new LoadWatcher() {});
    try (var bar = new ProgressBar(console, "loading " + name)) {
      Lease lease = host.use(name, bar);
      bar.wipe();
      Runnable unload =
          () -> {
            lease.close();
            host.close();
            use.close();
          };
      LoadedModel model = lease.model();
      LoadedModel used =
          load.adapters().isEmpty() ? model : model.with(load.adapters().getFirst().name());
      return opened(console, new Session(engine, used, unload, seconds(start)));
    } catch (RuntimeException | InterruptedException | Error e) {
      host.close();
      engine.close();
      throw e;
    }
  }

  /** The same of a model that is no file. */
  public static Session open(
      Console console, EngineOptions options, ModelSource.Opener source, LoadOptions load)
      throws InterruptedException {
    long start = System.nanoTime();
    Engine engine = held(console, options);
    try (var bar = new ProgressBar(console, "loading");
        LoadableModel found = engine.examine(source, load)) {
      LoadedModel model = found.load(bar);
      bar.wipe();
      return opened(console, new Session(engine, model, model::close, seconds(start)));
    } catch (RuntimeException | Error e) {
      engine.close();
      throw e;
    }
  }

  /** A device whose cards draw no more than they may. */
  private static Engine held(Console console, EngineOptions options) throws InterruptedException {
    Engine engine = options.open();
    try {
      new HeldPower(MachineBox.here(), Environment.system())
          .require(engine)
          .ifPresent(note -> console.error("note: " + note));
      return engine;
    } catch (RuntimeException | InterruptedException e) {
      engine.close();
      throw e;
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static Session opened(Console console, Session session) {
    session.engine.notes().forEach(note -> console.error("note: " + note));
    session.model.notes().forEach(note -> console.error("note: " + note));
    return session;
  }

  public LoadedModel model() {
    return model;
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
    unload.run();
    engine.close();
  }
}
