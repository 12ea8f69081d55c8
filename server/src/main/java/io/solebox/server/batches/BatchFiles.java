package io.solebox.server.batches;

import io.solebox.server.batches.BatchStore.Line;
import io.solebox.server.files.FileStore;
import io.solebox.server.http.Digests;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

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
   * Writes one file.
   *
   * @param failed whether it is that of the errors
   * @return its id; empty where it would have no line
   */
  Optional<String> write(Batch batch, boolean failed) throws IOException {
    List<Line> page = store.lines(batch.id(), failed, 0, PAGE);
    if (page.isEmpty()) {
      return Optional.empty();
    }
    Path path = Files.createTempFile(files.folder(), "batch", ".part");
    MessageDigest digest = Digests.sha256();
    try (FileOutputStream file = new FileOutputStream(path.toFile());
        OutputStream out = new DigestOutputStream(new BufferedOutputStream(file), digest)) {
      while (!page.isEmpty()) {
        for (Line line : page) {
          out.write(line.body().getBytes(StandardCharsets.UTF_8));
          out.write('\n');
        }
        page = store.lines(batch.id(), failed, page.getLast().number(), PAGE);
      }
      out.flush();
      file.getFD().sync(); // the lines are forgotten soon
    }
    String name = batch.id() + (failed ? "_error.jsonl" : "_output.jsonl");
    FileStore.Description about =
        new FileStore.Description(
            batch.owner(), name, "batch_output", batch.order().outputLifetime());
    long bytes = Files.size(path);
    return Optional.of(
        files.add(path, bytes, HexFormat.of().formatHex(digest.digest()), about).id());
  }
}
