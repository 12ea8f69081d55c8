package io.solebox.hardware.board;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.board.BoardStatus.Flag;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A board that says what a test has it say, and keeps what it was told. */
public final class FakeBoard implements Board {
  public final BlockingQueue<Order> told = new LinkedBlockingQueue<>();
  private volatile BoardState state = BoardState.RUN;
  private volatile BoardFault fault = BoardFault.NONE;
  private volatile Set<Flag> flags = Set.of();
  private volatile boolean silent;

  public void is(BoardState next, BoardFault latched, Flag... marks) {
    state = next;
    fault = latched;
    flags = marks.length == 0 ? Set.of() : EnumSet.copyOf(List.of(marks));
  }

  public void silent(boolean value) {
    silent = value;
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public Said<BoardInfo> info() {
    return said(new BoardInfo(1, "1.0.0", 1, false, 64, "bench-1"));
  }

  @Override
  public Said<BoardStatus> status() {
    return said(
        new BoardStatus(
            state,
            fault,
            flags,
            12_050,
            3310,
            801,
            41.5,
            30.2,
            OptionalDouble.empty(),
            45,
            0,
            List.of(1800, 1790),
            Duration.ofSeconds(9),
            Optional.of(Duration.ofMillis(400)),
            3,
            2,
            1));
  }

  @Override
  public Said<List<BoardEvent>> events(long first) {
    return said(List.of());
  }

  @Override
  public Said<OrderResult> order(Order order) {
    told.add(order);
    return said(OrderResult.DONE);
  }

  private <T> Said<T> said(T value) {
    return silent ? new Said.No<>("no answer came") : new Said.Yes<>(value);
  }

  @Override
  public void close() {}
}
