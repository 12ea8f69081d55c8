package io.solebox.hardware.board;

import io.solebox.hardware.board.line.LineTrouble;
import io.solebox.hardware.board.line.Pty;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A board of the test's own making behind a pseudo terminal, in a thread of its own. */
final class PtyBoard implements AutoCloseable {
  /** What it does with a frame that it was sent. */
  interface Manner {
    byte[] answer(Frame question);
  }

  private final Pty pty;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicInteger heard = new AtomicInteger();
  private final Thread thread;

  private PtyBoard(Pty pty, Manner manner) {
    this.pty = pty;
    this.thread = Thread.ofPlatform().daemon().name("board").start(() -> live(manner));
  }

  static PtyBoard start(Manner manner) throws LineTrouble {
    return new PtyBoard(Pty.open(), manner);
  }

  private void live(Manner manner) {
    FrameDecoder decoder = new FrameDecoder();
    byte[] buffer = new byte[256];
    try {
      while (!ended.get()) {
        int count = pty.receive(buffer, Duration.ofMillis(5));
        for (Frame each : decoder.take(buffer, count)) {
          heard.incrementAndGet();
          pty.send(manner.answer(each));
        }
      }
    } catch (LineTrouble e) {
      throw new AssertionError(e);
    }
  }

  /** Says something unasked. */
  void babble(byte[] bytes) {
    pty.send(bytes);
  }

  Path device() {
    return pty.device();
  }

  /** Frames so far. */
  int heard() {
    return heard.get();
  }

  @Override
  public void close() {
    ended.set(true);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pty.close();
  }
}
