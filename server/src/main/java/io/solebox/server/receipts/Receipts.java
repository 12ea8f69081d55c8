package io.solebox.server.receipts;

import io.solebox.engine.api.Ingredients;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.api.SourceFile;
import io.solebox.server.box.BoxKey;
import io.solebox.server.http.Problem;
import io.solebox.server.receipts.FileDigests.FileDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Makes the receipts of a box. Safe for many threads. */
public final class Receipts {
  /** Of a request, for files that nobody has read yet. */
  private static final long PATIENCE_SECONDS = 2;

  private static final int RETRY_SECONDS = 10;

  private final Supplier<BoxKey> key;
  private final FileDigests files;
  private final Clock clock;
  private Optional<Own> own = Optional.empty(); // guarded by this

  /**
   * @param key asked for when the first receipt is wanted
   */
  public Receipts(Supplier<BoxKey> key, FileDigests files, Clock clock) {
    this.key = key;
    this.files = files;
    this.clock = clock;
  }

  /**
   * Finds out what answers will be made with, before anything is computed.
   *
   * @param path by which they were asked for
   * @param name of the model, as answers call it
   * @throws Problem 400 for a model that nobody could find again; 503 while its files are read
   */
  public Draft begin(String path, String name, LoadedModel model, Salt salt) {
    Ingredients made =
        model
            .ingredients()
            .orElseThrow(
                () ->
                    refusal(
                        400,
                        "unsupported_parameter",
                        "There are no receipts of '%s', which is of no file.".formatted(name)));
    return new Draft(
        path, salt, own().words().of(name, model, made, digests(made)), own().key(), clock);
  }

  private static Problem refusal(int status, String code, String message) {
    return Problem.of(status, code, message).withParam("receipt");
  }

  private Map<SourceFile, FileDigest> digests(Ingredients made) {
    List<SourceFile> all = new ArrayList<>(made.files());
    made.adapters().forEach(adapter -> all.addAll(adapter.files()));
    Map<SourceFile, FileDigest> digests = new HashMap<>();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try {
      for (SourceFile file : all) {
        long left = Math.max(0, deadline - System.nanoTime());
        digests.put(
            file,
            files.await(file, left, TimeUnit.NANOSECONDS).orElseThrow(() -> stillReading(all)));
      }
      return digests;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw stillReading(all);
    }
  }

  private Problem stillReading(List<SourceFile> all) {
    double done = 0;
    double bytes = 0;
    for (SourceFile file : all) {
      done += files.fraction(file).orElse(0) * file.bytes();
      bytes += file.bytes();
    }
    return refusal(
            503,
            "receipt_not_ready",
            "The model's files are read for receipts, once; %d %% are done. Ask again soon, or"
                    .formatted(Math.round(100 * done / Math.max(1, bytes)))
                + " without a receipt.")
        .withRetryAfter(RETRY_SECONDS);
  }

  /** What is the same of all receipts. */
  private record Own(BoxKey key, ModelWords words) {}

  /** Looked for once, when the first receipt is wanted. */
  private synchronized Own own() {
    Own known =
        own.orElseGet(
            () -> new Own(key.get(), new ModelWords(Build.ofThisProcess(), Processor.name())));
    own = Optional.of(known);
    return known;
  }
}
