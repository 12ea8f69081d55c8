package io.solebox.hardware.board.sim;

import io.solebox.hardware.board.line.LineTrouble;
import io.solebox.hardware.board.line.Pty;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * A simulated board behind a pseudo terminal, whose time passes by a clock. Where it could not go
 * on for long, as while its process stood still, it does not make up for that: a host that could
 * not reach it meanwhile would look silent. How much it left out, it says. For the thread that
 * started the board.
 */
public final class PlayedBoard implements AutoCloseable {
  /** How much of the clock's time it makes up for at most. */
  private static final Duration CATCH_UP = Duration.ofMillis(250);

  /** From one look at the line to the next at most. */
  private static final Duration TURN = Duration.ofMillis(2);

  /** As the firmware's. */
  private static final Duration QUIET = Duration.ofMillis(20);

  private final SimulatedBoard board;
  private final Pty pty;
  private final double speed;
  private final LongSupplier nanoTime;
  private final byte[] buffer = new byte[1024];
  private long nowNanos;
  private long heardNanos;
  private boolean held;

  /** Of the board's time: what is due and has not passed yet. */
  private double dueMillis;

  private long leftOutNanos;

  /**
   * Begins.
   *
   * @param board closed with it
   * @param pty closed with it
   * @param speed how many of the board's seconds pass in one of the clock's
   * @param nanoTime the clock, as {@link System#nanoTime}
   */
  public PlayedBoard(SimulatedBoard board, Pty pty, double speed, LongSupplier nanoTime) {
    this.board = board;
    this.pty = pty;
    this.speed = speed;
    this.nanoTime = nanoTime;
    this.nowNanos = nanoTime.getAsLong();
    this.heardNanos = nowNanos;
  }

  /** What others open. */
  public Path device() {
    return pty.device();
  }

  public SimulatedBoard board() {
    return board;
  }

  /** Hears for a moment, answers, and lets time pass. */
  public void turn() throws LineTrouble {
    int count = pty.receive(buffer, TURN);
    pass();
    if (count > 0) {
      heardNanos = nowNanos;
      held = true;
      pty.send(board.feed(Arrays.copyOf(buffer, count)));
    } else if (held && nowNanos - heardNanos >= QUIET.toNanos()) {
      held = false;
      pty.send(board.quiet());
    }
  }

  private void pass() {
    long before = nowNanos;
    nowNanos = nanoTime.getAsLong();
    long passed = nowNanos - before;
    long made = Math.min(passed, CATCH_UP.toNanos());
    leftOutNanos += passed - made;
    dueMillis += made * speed / 1e6;
    int whole = (int) dueMillis;
    dueMillis -= whole;
    if (whole > 0) {
      board.step(whole);
    }
  }

  /** The clock's time that it did not live through. */
  public Duration leftOut() {
    return Duration.ofNanos(leftOutNanos);
  }

  @Override
  public void close() {
    pty.close();
    board.close();
  }
}
