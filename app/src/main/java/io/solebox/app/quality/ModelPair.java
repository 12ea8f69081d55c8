package io.solebox.app.quality;

import io.solebox.app.console.Console;
import io.solebox.app.console.ProgressBar;
import io.solebox.app.console.Units;
import io.solebox.app.quality.Chunks.Chunk;
import io.solebox.app.session.AnswersOnly;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.ModelLocator;
import io.solebox.app.session.ModelUse;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadableModel;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Runs two models over the same chunks. Both are loaded at once, where memory allows it, and the
 * logits of one chunk are kept; else one after the other, and the logits of the first wait in a
 * temporary file.
 */
final class ModelPair {
  /**
   * One of the two.
   *
   * @param shared whether it computes on the devices of the other one
   */
  record Side(Path file, EngineOptions engine, LoadOptions load, boolean shared) {}

  private final Console console;
  private final Side a;
  private final Side b;
  private final boolean oneAtATime;
  private final Path scratch;

  /**
   * @param oneAtATime whether the second must not be loaded beside the first, even if it fits
   * @param scratch folder for what does not fit into memory
   */
  ModelPair(Console console, Side a, Side b, boolean oneAtATime, Path scratch) {
    this.console = console;
    this.a = a;
    this.b = b;
    this.oneAtATime = oneAtATime;
    this.scratch = scratch;
  }

  /** What was found out, and what computed it. */
  record Result(Divergence divergence, String deviceA, String deviceB) {}

  /**
   * @throws SoleboxException as loads say; {@code INVALID_PARAMETER} for models whose logits are
   *     not about the same tokens
   */
  Result run(Chunks chunks) throws InterruptedException {
    try (var _ = ModelUse.of(a.file(), a.load(), "compares it");
        var _ = ModelUse.of(b.file(), b.load(), "compares it");
        Engine engineA = a.engine().open()) {
      engineA.notes().forEach(note -> console.error("note: " + note));
      if (b.shared()) {
        return run(engineA, engineA, chunks);
      }
      try (Engine engineB = b.engine().open()) {
        engineB.notes().forEach(note -> console.error("note: " + note));
        return run(engineA, engineB, chunks);
      }
    }
  }

  private Result run(Engine engineA, Engine engineB, Chunks chunks) throws InterruptedException {
    requireComparable(engineA, engineB);
    try (LoadedModel first = load(engineA, a)) {
      Optional<LoadedModel> second = oneAtATime ? Optional.empty() : loadIfFits(engineB);
      return second.isPresent()
          ? together(first, second.get(), chunks)
          : apart(first, engineB, chunks);
    }
  }

  /** Finds out what would else be refused when the first model has run already. */
  private void requireComparable(Engine engineA, Engine engineB) {
    try (LoadableModel first = engineA.examine(a.file(), a.load());
        LoadableModel second = engineB.examine(b.file(), b.load())) {
      AnswersOnly.require(a.file(), first.info());
      AnswersOnly.require(b.file(), second.info());
      int widthA = first.info().vocabSize();
      int widthB = second.info().vocabSize();
      if (widthA != widthB) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            second.info().name(),
            "It gives %d logits, and the first model %d.".formatted(widthB, widthA),
            "Compare two files of the same model.");
      }
      if (!second.estimate().fits()) {
        second.load(Progress.none()).close(); // which is refused, with what would fit
      }
    }
  }

  private LoadedModel load(Engine engine, Side side) {
    try (var bar = new ProgressBar(console, "loading " + ModelLocator.nameOf(side.file()))) {
      LoadedModel model = engine.load(side.file(), side.load(), bar);
      bar.wipe();
      model.notes().forEach(note -> console.error("note: " + note));
      return model;
    }
  }

  private Optional<LoadedModel> loadIfFits(Engine engine) {
    try {
      return Optional.of(load(engine, b));
    } catch (SoleboxException e) {
      if (e.code() != ErrorCode.OUT_OF_MEMORY) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private Result together(LoadedModel first, LoadedModel second, Chunks chunks)
      throws InterruptedException {
    try (second) {
      int vocab = first.info().vocabSize();
      var found = new Divergence();
      try (var rows = LogitRows.of(scratch, chunks.scoredInEach(), vocab);
          var progress = new ChunkProgress(console, chunks.count())) {
        for (int i = 0; i < chunks.count(); i++) {
          keep(first, chunks.get(i), rows, 0);
          compare(second, chunks.get(i), rows, 0, found);
          progress.show(i + 1, found.curve());
        }
      }
      return new Result(found, first.device(), second.device());
    }
  }

  private Result apart(LoadedModel first, Engine engineB, Chunks chunks)
      throws InterruptedException {
    int vocab = first.info().vocabSize();
    String deviceA = first.device();
    try (var rows = LogitRows.inFile(scratch, chunks.scored(), vocab)) {
      console.error(
          "note: The models run one after the other%s; the logits of the first, %s, wait in %s."
              .formatted(
                  oneAtATime ? "" : ", since they do not fit into memory together",
                  Units.bytes((long) chunks.scored() * Float.BYTES * vocab),
                  scratch));
      keepAll(first, chunks, rows);
      first.close();
      return second(engineB, deviceA, chunks, rows);
    }
  }

  private void keepAll(LoadedModel first, Chunks chunks, LogitRows rows)
      throws InterruptedException {
    // The first model alone has nothing to estimate yet.
    try (var progress = new ChunkProgress(console, chunks.count())) {
      for (int i = 0; i < chunks.count(); i++) {
        keep(first, chunks.get(i), rows, i * chunks.scoredInEach());
        progress.show(i + 1, new Curve());
      }
    }
  }

  private Result second(Engine engine, String deviceA, Chunks chunks, LogitRows rows)
      throws InterruptedException {
    try (LoadedModel second = load(engine, b);
        var progress = new ChunkProgress(console, chunks.count())) {
      var found = new Divergence();
      for (int i = 0; i < chunks.count(); i++) {
        compare(second, chunks.get(i), rows, i * chunks.scoredInEach(), found);
        progress.show(i + 1, found.curve());
      }
      return new Result(found, deviceA, second.device());
    }
  }

  /** The row before each id that is scored says how likely it is. */
  private static void keep(LoadedModel model, Chunk chunk, LogitRows rows, int at)
      throws InterruptedException {
    int from = chunk.from() - 1;
    model.logits(
        withoutLast(chunk.ids()),
        from,
        (position, logits) -> rows.put(at + position - from, logits));
  }

  private static void compare(
      LoadedModel model, Chunk chunk, LogitRows rows, int at, Divergence found)
      throws InterruptedException {
    int from = chunk.from() - 1;
    model.logits(
        withoutLast(chunk.ids()),
        from,
        (position, logits) -> {
          RowPair pair =
              RowPair.of(rows.get(at + position - from), logits, chunk.ids()[position + 1]);
          Perplexity.requireFinite(pair.logprobA(), position + 1);
          Perplexity.requireFinite(pair.logprobB(), position + 1);
          found.add(pair);
        });
    found.mark();
  }

  private static int[] withoutLast(int[] ids) {
    return Arrays.copyOf(ids, ids.length - 1);
  }
}
