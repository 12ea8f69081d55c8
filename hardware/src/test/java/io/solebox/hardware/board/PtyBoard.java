package io.solebox.hardware.board;

import io.solebox.hardware.board.line.LineTrouble;
import io.solebox.hardware.board.line.Pty;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
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

  private volatile Manner manner;
  private volatile int pieces = Integer.MAX_VALUE;
  private volatile boolean gone;

  private PtyBoard(Pty pty, Manner manner) {
    this.pty = pty;
    this.manner = manner;
    this.thread = Thread.ofPlatform().daemon().name("board").start(this::live);
  }

  static PtyBoard start(Manner manner) throws LineTrouble {
    return new PtyBoard(Pty.open(), manner);
  }

  private void live() {
    FrameDecoder decoder = new FrameDecoder();
    byte[] buffer = new byte[256];
    try {
      while (!ended.get() && !gone) {
        int count = pty.receive(buffer, Duration.ofMillis(5));
        for (Frame each : decoder.take(buffer, count)) {
          heard.incrementAndGet();
          send(manner.answer(each));
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

  private void send(byte[] answer) {
    for (int at = 0; at < answer.length && !gone; at += Math.min(pieces, answer.length)) {
      pty.send(Arrays.copyOfRange(answer, at, Math.min(answer.length - at, pieces) + at));
      Thread.yield();
    }
  }

  /** From now on. */
  void answerInPieces(Manner whole, int bytes) {
    pieces = bytes;
    manner = whole;
  }

  /** As one that is pulled; for its manner. */
  void vanish() {
    gone = true;
    pty.close();
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
    if (!gone) {
      pty.close();
    }
  }
}
