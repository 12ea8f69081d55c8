package io.solebox.store.bundle;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** Takes what is needed of a bundle out of it, and all of the bundle must be as it was signed. */
final class Arrival {
  private final BundleHead head;
  private final Pieces pieces;
  private final Progress progress;
  private long done;

  Arrival(BundleHead head, Pieces pieces, Progress progress) {
    this.head = head;
    this.pieces = pieces;
    this.progress = progress;
  }

  /**
   * @param lacks whether a file is needed
   * @param places where a file is to be, by its digest; what is there is of an earlier try
   * @return the files that were needed
   * @throws SoleboxException {@code BAD_BUNDLE} where one byte is another; {@code CANCELLED}
   */
  Map<Digest, Path> take(Predicate<BundlePlan.Entry> lacks, Function<Digest, Path> places)
      throws IOException {
    var reception = new Reception(pieces, this::count);
    Map<Digest, Path> received = new LinkedHashMap<>();
    long at = head.begin();
    for (BundlePlan.Entry entry : head.plan().entries()) {
      boolean wanted = lacks.test(entry);
      Path file = places.apply(entry.digest());
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
          "reading the bundle was interrupted",
          "The same command goes on; an import where it was.");
    }
  }
}
