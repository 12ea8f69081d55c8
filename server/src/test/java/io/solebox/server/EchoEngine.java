package io.solebox.server;

import io.solebox.engine.api.Decoding;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadEstimate;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadableModel;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.api.WatchedModel;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.Yardstick;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.engine.model.ModelInfo;
import io.solebox.engine.source.ModelSource;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An engine and a catalog of models whose loads do what a test says. */
final class EchoEngine implements Engine, Catalog {
  /** Loads a model, as long as that takes. */
  @FunctionalInterface
  interface Load {
    LoadedModel load(Progress progress);
  }

  private final Map<String, Load> loads = Collections.synchronizedMap(new LinkedHashMap<>());

  void add(String name, Load load) {
    loads.put(name, load);
  }

  void remove(String name) {
    loads.remove(name);
  }

  @Override
  public List<String> names() {
    synchronized (loads) {
      return List.copyOf(loads.keySet());
    }
  }

  @Override
  public Optional<Offer> find(String name) {
    return loads.containsKey(name)
        ? Optional.of(new Offer(name, Path.of(name), LoadOptions.defaults()))
        : Optional.empty();
  }

  @Override
  public LoadableModel examine(ModelSource.Opener source, LoadOptions options) {
    throw new UnsupportedOperationException("models are known by their names here");
  }

  @Override
  public LoadableModel examine(Path file, LoadOptions options) {
    Load load = loads.get(file.toString());
    return new LoadableModel() {
      @Override
      public ModelInfo info() {
        return EchoModel.INFO;
      }

      @Override
      public LoadEstimate estimate() {
        return new LoadEstimate(EchoModel.CONTEXT, EchoModel.CONTEXT, List.of(), List.of());
      }

      @Override
      public LoadEstimate estimate(LoadOptions other) {
        return estimate();
      }

      @Override
      public Optional<Decoding> decoding() {
        return Optional.of(new Decoding(EchoModel.BYTES_PER_TOKEN, 0));
      }

      @Override
      public LoadedModel load(Progress progress) {
        return load.load(progress);
      }

      @Override
      public WatchedModel watch(Progress progress) {
        throw new UnsupportedOperationException("nobody looks at what it computes");
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public String device() {
    return "a test";
  }

  @Override
  public List<String> notes() {
    return List.of();
  }

  @Override
  public List<MemoryLedger> memory() {
    return List.of();
  }

  @Override
  public List<Yardstick> yardsticks() {
    return List.of();
  }

  @Override
  public void close() {}
}
