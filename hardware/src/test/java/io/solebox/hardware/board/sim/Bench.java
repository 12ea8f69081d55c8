package io.solebox.hardware.board.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.board.BoardEvent;
import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardState;
import io.solebox.hardware.board.OrderResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A simulated board on a bench: brought into a state, watched, and judged in the end. */
final class Bench implements AutoCloseable {
  static final int HEARTBEAT = 0x10;
  static final int GOODBYE = 0x11;
  static final int ON = 0x12;
  static final int OFF = 0x13;
  static final int CYCLE = 0x14;
  static final int RESET_FAULT = 0x15;
  static final int EMERGENCY_STOP = 0x16;
  static final int FAN = 0x17;
  static final int NO_TEMPERATURE = 0x7fff;

  final SimulatedBoard board;

  private Bench(SimulatedBoard board) {
    this.board = board;
  }

  static Bench at(long seed, int clockMillis) {
    return switch (SimulatedBoard.start(seed, clockMillis)) {
      case Said.Yes<SimulatedBoard>(SimulatedBoard board) -> new Bench(board);
      case Said.No<SimulatedBoard>(String why) -> throw new AssertionError(why);
    };
  }

  /** A board that is OFF. */
  static Bench off() {
    Bench bench = at(21, 0);
    bench.board.step(50);
    return bench;
  }

  /** A board that stays in a state for some time, because of what is wrong or was ordered. */
  static Bench in(BoardState state) {
    Bench bench = off();
    switch (state) {
      case OFF -> {}
      case WAIT_12V -> {
        bench.board.inject(Injection.PSU_LOST, 0);
        bench.order(ON);
      }
      case RAMP_AUX -> bench.stays(state, Injection.AUX_MV, 1000);
      case RAMP_CORE -> bench.stays(state, Injection.CORE_MV, 300);
      case HOLD_RESET -> bench.order(ON);
      case RUN -> bench.runs();
      case STOPPING -> bench.runs().board.press(Duration.ofMillis(100));
      case POWER_DOWN -> bench.runs().order(OFF);
      case CYCLE -> bench.runs().order(CYCLE);
      case FAULT -> bench.order(EMERGENCY_STOP);
      case UNKNOWN -> throw new IllegalArgumentException("no board is in it");
    }
    bench.until(state, 2000);
    return bench;
  }

  /** A board that is hot, or has another fault that tripped in RUN. */
  static Bench faulted(Injection what, int value) {
    Bench bench = in(BoardState.RUN);
    bench.board.inject(what, value);
    bench.until(BoardState.FAULT, 12_000);
    return bench;
  }

  private void stays(BoardState state, Injection what, int value) {
    order(ON);
    until(state, 500);
    board.inject(what, value);
  }

  private Bench runs() {
    order(ON);
    until(BoardState.RUN, 500);
    board.step(100);
    return this;
  }

  OrderResult order(int order) {
    return order(order, 0);
  }

  OrderResult order(int order, int argument) {
    return board.order(order, argument).orElseThrow();
  }

  /** Steps until it is there; returns how many milliseconds that took. */
  int until(BoardState state, int limit) {
    for (int millis = 0; millis <= limit; millis++) {
      if (board.state() == state) {
        return millis;
      }
      board.step(1);
    }
    return fail(
        "%s is not reached in %d ms, but %s %s"
            .formatted(state, limit, board.state(), board.fault()));
  }

  long value(SimValue value) {
    return board.value(value);
  }

  boolean on(SimValue value) {
    return board.value(value) == 1;
  }

  /** Every enable low, and the module in reset. */
  boolean isSafe() {
    return !on(SimValue.EN_AUX)
        && !on(SimValue.EN_CORE)
        && !on(SimValue.EN_MODULE)
        && !on(SimValue.PERST_N);
  }

  /** All that the log has. */
  List<BoardEvent> events() {
    List<BoardEvent> all = new ArrayList<>();
    int last = (int) value(SimValue.LAST_EVENT);
    for (int number = Math.max(1, last - 63); number <= last; number++) {
      all.add(board.event(number).orElseThrow());
    }
    return all;
  }

  BoardEvent lastEvent() {
    return events().getLast();
  }

  void isFaulted(BoardFault fault) {
    assertEquals(BoardState.FAULT, board.state());
    assertEquals(fault, board.fault());
    assertEquals(fault, lastEvent().fault());
    assertEquals(true, isSafe(), "something is enabled");
  }

  /** No rule was broken at any step. */
  @Override
  public void close() {
    StringBuilder broken = new StringBuilder();
    for (Violation violation : Violation.values()) {
      if (board.violations(violation) > 0) {
        broken.append(
            "%s, first at step %d. ".formatted(violation.words(), board.firstViolation(violation)));
      }
    }
    board.close();
    assertEquals("", broken.toString());
  }
}
