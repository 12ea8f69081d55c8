package io.solebox.app.bench;

import io.solebox.app.bench.report.Subject.ModelPart;
import io.solebox.app.console.Console;
import io.solebox.app.session.AnswersOnly;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.Session;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.model.ModelInfo;
import io.solebox.engine.source.ModelSource;
import io.solebox.store.layout.ModelStore;
import java.nio.file.Path;
import java.util.List;
import java.util.function.DoubleConsumer;

/** What is measured. */
sealed interface BenchTarget {
  ModelFile open();

  /** Random weights are those of models that answer. */
  default void requireAnswers(ModelInfo info) {}

  /** What its files hold; none of random weights. */
  default List<ModelPart> digests(ModelStore store, DoubleConsumer progress) {
    return List.of();
  }

  Session session(Console console, EngineOptions engine, LoadOptions options)
      throws InterruptedException;

  record File(Path path) implements BenchTarget {
    @Override
    public ModelFile open() {
      return ModelFile.open(path, ModelSource.Access.MAPPED);
    }

    @Override
    public void requireAnswers(ModelInfo info) {
      AnswersOnly.require(path, info);
    }

    @Override
    public List<ModelPart> digests(ModelStore store, DoubleConsumer progress) {
      return ModelDigests.of(path, store, progress);
    }

    @Override
    public Session session(Console console, EngineOptions engine, LoadOptions options)
        throws InterruptedException {
      return Session.open(console, engine, path, options);
    }
  }

  record Synthetic(SynthModel model) implements BenchTarget {
    @Override
    public ModelFile open() {
      return ModelFile.of(source());
    }

    private ModelSource source() {
      return SyntheticWeights.source(model, 1);
    }

    @Override
    public Session session(Console console, EngineOptions engine, LoadOptions options)
        throws InterruptedException {
      return Session.open(console, engine, _ -> source(), options);
    }
  }
}
