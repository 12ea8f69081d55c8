package io.solebox.store.bundle;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Partial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Takes what is needed of a bundle into a partial, and all of the bundle must be as signed. */
final class Arrival {
  private final BundleHead head;
  private final Pieces pieces;
  private final Partial partial;
  private final Progress progress;
  private long done;

  Arrival(BundleHead head, Pieces pieces, Partial partial, Progress progress) {
    this.head = head;
    this.pieces = pieces;
    this.partial = partial;
    this.progress = progress;
  }

  /**
   * @return the files that the store lacks, in the partial
   * @throws SoleboxException {@code BAD_BUNDLE} where one byte is another; {@code CANCELLED}
   */
  Map<Digest, Path> take(Needed needed) throws IOException {
    var reception = new Reception(pieces, this::count);
    Map<Digest, Path> received = new LinkedHashMap<>();
    long at = head.begin();
    for (BundlePlan.Entry entry : head.plan().entries()) {
      Path file = partial.file(entry.digest().hex());
      boolean wanted = needed.lacks(entry);
      boolean sound = wanted ? reception.take(entry, at, file) : reception.passes(entry, at);
      if (!sound) {
        throw BundleFault.damaged(
            pieces.where(at + entry.tar().length() / 2).toString(),
            "this is not what was signed: " + entry.title());
      }
      if (wanted) {
        received.put(entry.digest(), file);
      }
      at += entry.tar().length();
    }
    requireEnd(at);
    return received;
  }

  private void requireEnd(long at) {
    for (byte b : pieces.read(at, TarEntry.END_BYTES)) {
      if (b != 0) {
        throw BundleFault.damaged(pieces.where(at).toString(), "there is something behind its end");
      }
    }
  }

  /** How far it is, of all that the bundle has. */
  private void count(long bytes) {
    done += bytes;
    progress.report("reading", Math.min(1, (double) done / Math.max(1, head.plan().bytes())));
    if (progress.cancelled()) {
      throw new SoleboxException(
          ErrorCode.CANCELLED,
          "",
          "the import was interrupted",
          "The same command goes on where it was.");
    }
  }
}
