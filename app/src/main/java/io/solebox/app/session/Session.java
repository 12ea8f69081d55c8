package io.solebox.app.session;

import io.solebox.app.console.Console;
import io.solebox.app.console.ProgressBar;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import java.nio.file.Path;
import java.util.OptionalDouble;

/** A device and one model on it, opened for one command. */
public final class Session implements AutoCloseable {
  private final Engine engine;
  private final LoadedModel model;
  private final double loadSeconds;

  private Session(Engine engine, LoadedModel model, double loadSeconds) {
    this.engine = engine;
    this.model = model;
    this.loadSeconds = loadSeconds;
  }

  /** Opens and loads, with progress; prints the notes of both on stderr. */
  public static Session open(Console console, EngineOptions options, Path file, LoadOptions load) {
    long start = System.nanoTime();
    Engine engine = options.open();
    try (var bar = new ProgressBar(console, "loading " + ModelLocator.nameOf(file))) {
      LoadedModel model = engine.load(file, load, bar);
      bar.wipe();
      engine.notes().forEach(note -> console.error("note: " + note));
      model.notes().forEach(note -> console.error("note: " + note));
      return new Session(engine, model, (System.nanoTime() - start) / 1e9);
    } catch (RuntimeException | Error e) {
      engine.close();
      throw e;
    }
  }

  public LoadedModel model() {
    return model;
  }

  /** From opening the device to a model that can answer. */
  public double loadSeconds() {
    return loadSeconds;
  }

  /** As {@link Engine#readBandwidthBytesPerSecond()}. */
  public OptionalDouble readBandwidth() {
    return engine.readBandwidthBytesPerSecond();
  }

  /** As {@link Engine#linkBandwidthBytesPerSecond()}. */
  public OptionalDouble linkBandwidth() {
    return engine.linkBandwidthBytesPerSecond();
  }

  /** As {@link Engine#matrixFlopsPerSecond()}. */
  public OptionalDouble matrixFlops() {
    return engine.matrixFlopsPerSecond();
  }

  @Override
  public void close() {
    model.close();
    engine.close();
  }
}
