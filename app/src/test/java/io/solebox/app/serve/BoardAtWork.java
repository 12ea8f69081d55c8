package io.solebox.app.serve;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.board.LinkedBoard;
import io.solebox.hardware.board.line.BoardAddress;
import io.solebox.hardware.board.line.LineTrouble;
import io.solebox.hardware.board.line.Pty;
import io.solebox.hardware.board.sim.PlayedBoard;
import io.solebox.hardware.board.sim.SimulatedBoard;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A simulated board at work behind a pseudo terminal, in a thread of its own. Its clock is that of
 * the machine, and goes ahead of it where a test says so.
 */
final class BoardAtWork implements AutoCloseable {
  /** What the board lives through in one turn at most. */
  private static final long PIECE_NANOS = 200_000_000;

  private final AtomicLong owed = new AtomicLong();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final CompletableFuture<Path> started = new CompletableFuture<>();
  private final Thread thread = Thread.ofPlatform().daemon().name("board").start(this::live);
  private final Path device;
  private long ahead; // of the board's thread

  BoardAtWork() {
    device = started.join();
    assumeTrue(!device.toString().isEmpty(), "SKIPPED: no library of the simulated board");
  }

  private void live() {
    switch (SimulatedBoard.start(1, 0)) {
      case Said.No<SimulatedBoard> _ -> started.complete(Path.of(""));
      case Said.Yes<SimulatedBoard>(var board) -> {
        try (var played = new PlayedBoard(board, Pty.open(), 1, () -> System.nanoTime() + ahead)) {
          started.complete(played.device());
          while (!ended.get()) {
            long next = Math.min(owed.get(), PIECE_NANOS);
            ahead += next;
            played.turn();
            owed.addAndGet(-next);
          }
        } catch (LineTrouble e) {
          started.completeExceptionally(e);
        }
      }
    }
  }

  /** Has it live through a time, at once. */
  void pass(Duration time) {
    owed.addAndGet(time.toNanos());
    while (owed.get() > 0) {
      Thread.onSpinWait();
    }
  }

  /** As settings have it. */
  String address() {
    return "uart:" + device;
  }

  /** Somebody who asks it, beside others. */
  LinkedBoard open() {
    return LinkedBoard.at(BoardAddress.of(address()).orElseThrow());
  }

  @Override
  public void close() {
    ended.set(true);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
