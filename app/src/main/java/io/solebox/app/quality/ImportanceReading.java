package io.solebox.app.quality;

import io.solebox.engine.api.WatchedModel;
import io.solebox.engine.backend.Progress;
import io.solebox.store.imatrix.FoundImportance;
import io.solebox.store.imatrix.ImportanceFiles;
import io.solebox.store.imatrix.ImportanceFiles.Format;
import io.solebox.store.imatrix.ImportanceMatrix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/**
 * A model reads the chunks of a text, and what is found is written: at the end, when somebody wants
 * it to stop, and now and then before, so that a power cut costs little.
 */
final class ImportanceReading {
  private static final Duration UNSAVED = Duration.ofMinutes(1);

  private final WatchedModel model;
  private final Chunks chunks;
  private final Optional<ImportanceMatrix> before;
  private final String text;
  private final Path out;
  private final Format format;
  private Optional<ImportanceMatrix> saved = Optional.empty();
  private int first;
  private int next;

  /**
   * @param before what is added to
   * @param text its name, for the file
   */
  ImportanceReading(
      WatchedModel model,
      Chunks chunks,
      Optional<ImportanceMatrix> before,
      String text,
      Path out,
      Format format) {
    this.model = model;
    this.chunks = chunks;
    this.before = before;
    this.text = text;
    this.out = out;
    this.format = format;
  }

  /**
   * @param skip chunks that are left out; there are more
   * @param stopped asked after each chunk
   */
  void run(int skip, Progress progress, BooleanSupplier stopped) {
    first = skip;
    next = skip;
    long start = System.nanoTime();
    long unsavedSince = start;
    do {
      progress.report(stage(start), (double) (next - first) / (chunks.count() - first));
      model.read(chunks.get(next).ids());
      next++;
      if (System.nanoTime() - unsavedSince > UNSAVED.toNanos()) {
        save();
        unsavedSince = System.nanoTime();
      }
    } while (next < chunks.count() && !stopped.getAsBoolean());
    save();
  }

  private String stage(long start) {
    String chunk = "chunk %d of %d".formatted(next + 1, chunks.count());
    int done = next - first;
    if (done == 0) {
      return chunk;
    }
    double each = (System.nanoTime() - start) / (double) done;
    long seconds = Duration.ofNanos((long) (each * (chunks.count() - next))).toSeconds();
    return chunk + (seconds < 100 ? ", " + seconds + " s left" : ", " + seconds / 60 + " min left");
  }

  private void save() {
    var found =
        new ImportanceMatrix(
            out.toString(),
            List.of(text),
            OptionalInt.of(next - first),
            OptionalInt.of(chunks.context()),
            FoundImportance.of(model.inputSquares()));
    ImportanceMatrix all = before.map(b -> b.plus(found)).orElse(found);
    ImportanceFiles.write(out, all, format);
    saved = Optional.of(all);
  }

  /** What the file has. */
  ImportanceMatrix saved() {
    return saved.orElseThrow();
  }

  Chunks chunks() {
    return chunks;
  }

  /** Chunks that were read. */
  int read() {
    return next - first;
  }

  /** The first chunk of the text that was not read. */
  int next() {
    return next;
  }

  boolean isWhole() {
    return next == chunks.count();
  }

  Format format() {
    return format;
  }
}
