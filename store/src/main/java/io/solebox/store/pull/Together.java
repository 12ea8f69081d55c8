package io.solebox.store.pull;

import io.solebox.store.blob.Digest;
import io.solebox.store.pull.source.RemoteFile;
import io.solebox.store.pull.transfer.Identity;
import io.solebox.store.pull.transfer.TransferProgress;
import java.util.Optional;

/** Adds up the files of an order, and never goes back. */
final class Together implements TransferProgress {
  private final long total;
  private final PullListener listener;
  private final Speed speed = new Speed();
  private PullListener.Part part = new PullListener.Part("", Optional.empty(), 0, 0);
  private long before;
  private long shown;

  Together(Pull.Order order, PullListener listener) {
    this.total = order.files().stream().mapToLong(RemoteFile::bytes).sum();
    this.listener = listener;
  }

  void begin(RemoteFile next) {
    part = new PullListener.Part(next.name(), digest(next), 0, next.bytes());
  }

  private static Optional<Digest> digest(RemoteFile file) {
    return switch (file.identity()) {
      case Identity.Sha256(Digest digest) -> Optional.of(digest);
      case Identity.GitBlob _ -> Optional.empty();
    };
  }

  void end(RemoteFile done) {
    bytes(done.bytes());
    before += done.bytes();
  }

  @Override
  public void bytes(long bytes) {
    long ofPart = Math.max(part.bytes(), bytes);
    part = new PullListener.Part(part.name(), part.digest(), ofPart, part.total());
    shown = Math.max(shown, before + bytes);
    speed.add(System.nanoTime(), shown);
    listener.progress(
        new PullListener.Standing(
            part, shown, total, speed.bytesPerSecond(), speed.rest(total - shown)));
  }

  @Override
  public void note(String text) {
    listener.note(text);
  }
}
