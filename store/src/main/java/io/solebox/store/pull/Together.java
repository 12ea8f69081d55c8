package io.solebox.store.pull;

import io.solebox.store.pull.source.RemoteFile;
import io.solebox.store.pull.transfer.TransferProgress;

/** Adds up the files of an order, and never goes back. */
final class Together implements TransferProgress {
  private final long total;
  private final PullListener listener;
  private final Speed speed = new Speed();
  private String file = "";
  private long before;
  private long shown;

  Together(Pull.Order order, PullListener listener) {
    this.total = order.files().stream().mapToLong(RemoteFile::bytes).sum();
    this.listener = listener;
  }

  void begin(RemoteFile next) {
    file = next.name();
  }

  void end(RemoteFile done) {
    before += done.bytes();
    bytes(0);
  }

  @Override
  public void bytes(long bytes) {
    shown = Math.max(shown, before + bytes);
    speed.add(System.nanoTime(), shown);
    listener.progress(
        new PullListener.Standing(
            file, shown, total, speed.bytesPerSecond(), speed.rest(total - shown)));
  }

  @Override
  public void note(String text) {
    listener.note(text);
  }
}
