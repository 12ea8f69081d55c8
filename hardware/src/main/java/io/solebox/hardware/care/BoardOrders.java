package io.solebox.hardware.care;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.board.Board;
import io.solebox.hardware.board.Order;
import io.solebox.hardware.board.OrderResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a board is told, by a thread of its own: whoever orders does not wait for a link that may be
 * slow or dead. A heartbeat that was not sent yet gives way to the next. The board stays its
 * owner's.
 */
public final class BoardOrders implements AutoCloseable {
  /** Orders that a board does not take are given up; the guard gives them again. */
  private static final int MOST = 8;

  /** A link's last answer may take that long; nobody waits longer for a goodbye. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final Board board;
  private final boolean beats;
  private final Consumer<String> trouble;
  private final Deque<Order> orders = new ArrayDeque<>(); // guarded by this, as the next two
  private Optional<Order.Heartbeat> beat = Optional.empty();
  private boolean closed;
  private final Thread thread;

  /** For the thread. */
  private boolean silent;

  /**
   * @param beats whether it hears heartbeats
   * @param trouble hears that the board does not do what it was told, once until it does again
   */
  public BoardOrders(Board board, boolean beats, Consumer<String> trouble) {
    this.board = board;
    this.beats = beats;
    this.trouble = trouble;
    this.thread = Thread.ofPlatform().daemon().name("board-orders").start(this::run);
  }

  /** That the guard lives. */
  synchronized void beat(Order.Heartbeat next) {
    if (beats) {
      beat = Optional.of(next);
      notifyAll();
    }
  }

  /** Something else; before any heartbeat. */
  synchronized void give(Order order) {
    if (orders.size() < MOST) {
      orders.add(order);
      notifyAll();
    }
  }

  private void run() {
    try {
      for (Optional<Order> next = next(); next.isPresent(); next = next()) {
        tell(next.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Empty once it is closed and everything is told. */
  private synchronized Optional<Order> next() throws InterruptedException {
    while (orders.isEmpty() && beat.isEmpty() && !closed) {
      wait();
    }
    if (!orders.isEmpty()) {
      return Optional.of(orders.poll());
    }
    Optional<Order> told = beat.map(Order.class::cast);
    beat = Optional.empty();
    return told;
  }

  private void tell(Order order) {
    switch (board.order(order)) {
      case Said.No<OrderResult>(var why) -> complain("the board was not told: " + why);
      case Said.Yes<OrderResult>(var result) -> {
        switch (result) {
          case DONE, ALREADY -> silent = false;
          case REFUSED_FAULT, REFUSED_CAUSE, REFUSED_STATE, BAD_ARGUMENT, UNKNOWN_ORDER, UNKNOWN ->
              complain("the board does not do it (%s): %s".formatted(words(order), result));
        }
      }
    }
  }

  private void complain(String why) {
    if (!silent) {
      silent = true;
      trouble.accept(why);
    }
  }

  private static String words(Order order) {
    return switch (order) {
      case Order.Heartbeat _ -> "a heartbeat";
      case Order.Goodbye _ -> "a goodbye";
      case Order.On _ -> "on";
      case Order.Off _ -> "off";
      case Order.Cycle _ -> "off and on";
      case Order.ResetFault _ -> "let the fault go";
      case Order.EmergencyStop _ -> "an emergency stop";
      case Order.Fan(int percent) -> "fans at " + percent + " % or more";
    };
  }

  /** Says goodbye where it has heard heartbeats, so that the silence that follows is no fault. */
  @Override
  public void close() {
    synchronized (this) {
      beat = Optional.empty();
      if (beats) {
        orders.add(new Order.Goodbye());
      }
      closed = true;
      notifyAll();
    }
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
