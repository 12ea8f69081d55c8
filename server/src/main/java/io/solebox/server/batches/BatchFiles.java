package io.solebox.server.batches;

import io.solebox.server.batches.Batch.Results;
import io.solebox.server.batches.Batch.Status;
import io.solebox.server.batches.BatchStore.Line;
import io.solebox.server.files.FileStore;
import io.solebox.server.files.FileStore.Description;
import io.solebox.server.files.FileStore.Draft;
import io.solebox.server.files.NewFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes the answers of a batch as files, in the order of its lines. */
final class BatchFiles {
  private static final int PAGE = 100;

  private final BatchStore store;
  private final FileStore files;

  BatchFiles(BatchStore store, FileStore files) {
    this.store = store;
    this.files = files;
  }

  /**
   * Ends a batch with the answers that there are. Where that fails nothing has changed, and it can
   * be done again.
   *
   * @param last a status that is over
   * @param now seconds since 1970
   * @throws IOException if the answers cannot be written
   */
  void end(Batch batch, Status last, long now) throws IOException {
    int completed = store.count(batch.id(), false);
    int failed = store.count(batch.id(), true);
    Optional<Draft> output = draft(batch, false);
    try {
      Optional<Draft> errors = draft(batch, true);
      Results results = new Results(output.map(Draft::id), errors.map(Draft::id));
      List<Draft> drafts = Stream.concat(output.stream(), errors.stream()).toList();
      files.add(
          drafts,
          sql ->
              store.end(
                  sql,
                  batch.id(),
                  current ->
                      current
                          .withAnswered(completed, failed)
                          .withResults(results)
                          .with(last, now)));
    } catch (IOException | RuntimeException e) {
      output.ifPresent(Draft::discard);
      throw e;
    }
  }

  /**
   * Writes one file.
   *
   * @param failed whether it is that of the errors
   * @return empty where it would have no line
   */
  private Optional<Draft> draft(Batch batch, boolean failed) throws IOException {
    List<Line> first = store.lines(batch, failed, 0, PAGE);
    if (first.isEmpty()) {
      return Optional.empty();
    }
    String name = batch.id() + (failed ? "_error.jsonl" : "_output.jsonl");
    Description about =
        new Description(batch.owner(), name, "batch_output", batch.order().outputLifetime());
    try (NewFile file = files.begin(batch.owner())) {
      write(file, batch, failed, first);
      return Optional.of(file.described(about));
    }
  }

  private void write(NewFile file, Batch batch, boolean failed, List<Line> first)
      throws IOException {
    try (OutputStream out = new BufferedOutputStream(file.open())) {
      List<Line> page = first;
      while (!page.isEmpty()) {
        for (Line line : page) {
          out.write(line.body().getBytes(StandardCharsets.UTF_8));
          out.write('\n');
        }
        page = store.lines(batch, failed, page.getLast().number(), PAGE);
      }
    }
  }
}
