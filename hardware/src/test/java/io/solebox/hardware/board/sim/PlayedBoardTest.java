package io.solebox.hardware.board.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.board.BoardEvent;
import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardInfo;
import io.solebox.hardware.board.BoardLimits;
import io.solebox.hardware.board.BoardLimits.Window;
import io.solebox.hardware.board.BoardState;
import io.solebox.hardware.board.BoardStatus;
import io.solebox.hardware.board.LinkedBoard;
import io.solebox.hardware.board.Order;
import io.solebox.hardware.board.OrderResult;
import io.solebox.hardware.board.line.BoardAddress;
import io.solebox.hardware.board.line.Pty;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The firmware's control in C and the link in Java, over a pseudo terminal, by a clock of ours. */
@Timeout(60)
class PlayedBoardTest {
  private final AtomicLong nanos = new AtomicLong();

  private PlayedBoard played() throws Exception {
    return switch (SimulatedBoard.start(1, 0)) {
      case Said.No<SimulatedBoard>(var why) -> {
        assumeTrue(false, "SKIPPED: " + why);
        throw new AssertionError();
      }
      case Said.Yes<SimulatedBoard>(var board) -> new PlayedBoard(board, Pty.open(), 1, nanos::get);
    };
  }

  /** Has time pass, as little at once as it makes up for. */
  private void pass(PlayedBoard played, Duration time) throws Exception {
    for (long left = time.toMillis(); left > 0; left -= 200) {
      nanos.addAndGet(Math.min(left, 200) * 1_000_000);
      played.turn();
    }
  }

  /** Asks, in a thread of its own, while the board goes on. */
  private static <T> T ask(PlayedBoard played, Function<LinkedBoard, Said<T>> question)
      throws Exception {
    try (ExecutorService asking = Executors.newSingleThreadExecutor();
        LinkedBoard board =
            LinkedBoard.at(new BoardAddress.Uart(played.device(), BoardAddress.Uart.USUAL_BAUD))) {
      Future<Said<T>> answer = asking.submit(() -> question.apply(board));
      while (!answer.isDone()) {
        played.turn();
      }
      assertEquals(0, board.counts().bad() + board.counts().strange());
      return switch (answer.get()) {
        case Said.Yes<T>(var value) -> value;
        case Said.No<T>(var why) -> throw new AssertionError(why);
      };
    }
  }

  @Test
  void aHostPowersItUpAndIsMissedWhenItFallsSilent() throws Exception {
    try (PlayedBoard played = played()) {
      BoardInfo info = ask(played, LinkedBoard::info);
      assertEquals(1, info.link());
      assertEquals(64, info.log());
      assertEquals(
          Optional.of(
              new BoardLimits(
                  new Window(11_040, 12_960),
                  new Window(3_003, 3_597),
                  new Window(736, 864),
                  85,
                  95)),
          info.limits());
      assertEquals(OrderResult.DONE, ask(played, board -> board.order(new Order.On())));
      pass(played, Duration.ofSeconds(1));
      BoardStatus up = ask(played, LinkedBoard::status);
      assertEquals(BoardState.RUN, up.state());
      assertTrue(Math.abs(up.v12Millivolts() - 12_000) < 600, up.toString());
      Order alive = new Order.Heartbeat(OptionalDouble.of(55));
      assertEquals(OrderResult.DONE, ask(played, board -> board.order(alive)));
      BoardStatus expected = ask(played, LinkedBoard::status);
      assertTrue(expected.flags().contains(BoardStatus.Flag.HOST_EXPECTED), expected.toString());
      assertEquals(OptionalDouble.of(55), expected.hostCelsius());
      pass(played, Duration.ofSeconds(16));
      BoardStatus silent = ask(played, LinkedBoard::status);
      assertEquals(BoardState.FAULT, silent.state());
      assertEquals(BoardFault.HOST_SILENT, silent.fault());
      assertEquals(OrderResult.REFUSED_FAULT, ask(played, board -> board.order(new Order.On())));
    }
  }

  @Test
  void theLinkTellsTheSameEventsAsTheLog() throws Exception {
    try (PlayedBoard played = played()) {
      for (int i = 0; i < 12; i++) {
        ask(played, board -> board.order(new Order.Cycle()));
        ask(played, board -> board.order(new Order.On()));
        pass(played, Duration.ofSeconds(4));
        ask(played, board -> board.order(new Order.Off()));
        pass(played, Duration.ofSeconds(2));
      }
      long last = played.board().value(SimValue.LAST_EVENT);
      assertTrue(last > 64, "last " + last);
      List<BoardEvent> own = new ArrayList<>();
      for (int number = (int) last - 63; number <= last; number++) {
        own.add(played.board().event(number).orElseThrow());
      }
      assertEquals(own, ask(played, board -> board.events(0)));
      assertEquals(own.subList(60, 64), ask(played, board -> board.events(last - 3)));
    }
  }

  @Test
  void timeThatItStoodStillIsLeftOutAndSaid() throws Exception {
    try (PlayedBoard played = played()) {
      nanos.addAndGet(Duration.ofHours(1).toNanos());
      played.turn();
      assertEquals(250, played.board().value(SimValue.STEPS));
      assertEquals(Duration.ofHours(1).minusMillis(250), played.leftOut());
    }
  }
}
