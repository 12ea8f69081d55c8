package io.solebox.hardware.board.sim;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.board.BoardEvent;
import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardState;
import io.solebox.hardware.board.OrderResult;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.time.Duration;
import java.util.Optional;

/**
 * A board without a board: the firmware's own control and link, in C, on a plant that is made up.
 * Time passes in {@link #step} alone. For the thread that started it.
 */
public final class SimulatedBoard implements AutoCloseable {
  private static final int STATES = BoardState.UNKNOWN.ordinal();
  private static final int MOST_FRAME = 200;
  private static final int LEAST_FRAME = 8;

  /** Bytes that one call of C is given at most. */
  private static final int CHUNK = 1024;

  private static final int ROOM = (CHUNK / LEAST_FRAME + 1) * MOST_FRAME;

  private final Arena arena;
  private final SimCalls calls;
  private final MemorySegment board;
  private final MemorySegment question;
  private final MemorySegment answer;

  private SimulatedBoard(Arena arena, SymbolLookup symbols) {
    this.arena = arena;
    this.calls = new SimCalls(symbols);
    this.board = arena.allocate(Integer.toUnsignedLong(calls.callInt("sim_size")), 8);
    this.question = arena.allocate(CHUNK);
    this.answer = arena.allocate(ROOM);
  }

  /**
   * Gives it power.
   *
   * @param seed of the noise, and of {@link #run}
   * @param clockMillis where its clock begins, which wraps at 2^32
   * @return why not, where this build has no library for this machine
   */
  public static Said<SimulatedBoard> start(long seed, int clockMillis) {
    Arena arena = Arena.ofConfined();
    switch (BoardLibrary.load(arena)) {
      case Said.No<SymbolLookup>(String why) -> {
        arena.close();
        return new Said.No<>(why);
      }
      case Said.Yes<SymbolLookup>(SymbolLookup symbols) -> {
        var started = new SimulatedBoard(arena, symbols);
        started.calls.call("sim_start", started.board, seed, clockMillis);
        return new Said.Yes<>(started);
      }
    }
  }

  /** Goes on. */
  public void step(int millis) {
    calls.call("sim_step", board, millis);
  }

  /**
   * Lives on at full speed, with faults, orders and presses as the seed has them.
   *
   * @return what was found wrong with the control so far
   */
  public int run(long millis) {
    return calls.callInt("sim_run", board, millis);
  }

  /** Gives it bytes of a host's; returns what it answers. One that hangs takes none. */
  public byte[] feed(byte[] bytes) {
    var answers = new ByteArrayOutputStream();
    for (int at = 0; at < bytes.length; at += CHUNK) {
      int length = Math.min(CHUNK, bytes.length - at);
      MemorySegment.copy(bytes, at, question, JAVA_BYTE, 0, length);
      int written = calls.callInt("sim_feed", board, question, length, answer, ROOM);
      answers.writeBytes(answer.asSlice(0, written).toArray(JAVA_BYTE));
    }
    return answers.toByteArray();
  }

  /** Tells it that the line has been quiet; returns what it answers to what it held. */
  public byte[] quiet() {
    int written = calls.callInt("sim_quiet", board, answer, ROOM);
    return answer.asSlice(0, written).toArray(JAVA_BYTE);
  }

  /**
   * An order without a frame around it.
   *
   * @param order as {@code enum ctl_order} has it
   * @return empty where it hangs
   */
  public Optional<OrderResult> order(int order, int argument) {
    int result = calls.callInt("sim_order", board, order, argument);
    return result < 0 ? Optional.empty() : Optional.of(OrderResult.values()[result]);
  }

  /** Has something be wrong until it is healed. */
  public void inject(Injection what, int value) {
    calls.call("sim_inject", board, what.ordinal(), value);
  }

  /** Mends it. */
  public void heal(Injection what) {
    calls.call("sim_heal", board, what.ordinal());
  }

  /**
   * Has readings be wrong from the next sample on, and nothing else.
   *
   * @param what one up to {@link Injection#SENSOR_DC}, or {@link Injection#THERMTRIP}
   */
  public void glitch(Injection what, int value, int samples) {
    calls.call("sim_glitch", board, what.ordinal(), value, samples);
  }

  /** Presses the button from now on. */
  public void press(Duration time) {
    calls.call("sim_press", board, Math.toIntExact(time.toMillis()));
  }

  /** Hangs the firmware, until its watchdog bites. */
  public void hang() {
    calls.call("sim_hang", board);
  }

  public long value(SimValue value) {
    return calls.callLong("sim_get", board, value.ordinal());
  }

  public BoardState state() {
    return BoardState.values()[(int) value(SimValue.STATE)];
  }

  public BoardFault fault() {
    return BoardFault.values()[(int) value(SimValue.LATCHED)];
  }

  /** What became of it, as its log has it; empty where it has that number no more, or not yet. */
  public Optional<BoardEvent> event(int number) {
    if (calls.callInt("sim_get_event", board, number, answer) == 0) {
      return Optional.empty();
    }
    int fromTo = answer.get(JAVA_BYTE, 12) & 0xff;
    int millis = answer.get(JAVA_SHORT, 8) & 0xffff;
    return Optional.of(
        new BoardEvent(
            Integer.toUnsignedLong(answer.get(JAVA_INT, 0)),
            answer.get(JAVA_BYTE, 10) & 0xff,
            Duration.ofSeconds(Integer.toUnsignedLong(answer.get(JAVA_INT, 4))).plusMillis(millis),
            BoardState.values()[fromTo >> 4],
            BoardState.values()[fromTo & 15],
            BoardEvent.Cause.values()[answer.get(JAVA_BYTE, 13)],
            BoardFault.values()[answer.get(JAVA_BYTE, 11)],
            answer.get(JAVA_SHORT, 14)));
  }

  /** How often one state followed the other. */
  public long transitions(BoardState from, BoardState to) {
    MemorySegment counts = calls.callAddress("sim_transitions", 4L * STATES * STATES, board);
    return Integer.toUnsignedLong(
        counts.getAtIndex(JAVA_INT, from.ordinal() * (long) STATES + to.ordinal()));
  }

  /** Whether one state may follow the other. */
  public boolean allowed(BoardState from, BoardState to) {
    return (calls.callInt("sim_allowed", from.ordinal()) >> to.ordinal() & 1) == 1;
  }

  /** How often that fault began. */
  public long faults(BoardFault fault) {
    int bytes = 4 * BoardFault.UNKNOWN.ordinal();
    MemorySegment counts = calls.callAddress("sim_faults", bytes, board);
    return Integer.toUnsignedLong(counts.getAtIndex(JAVA_INT, fault.ordinal()));
  }

  /** How often that was found. */
  public long violations(Violation violation) {
    int bytes = 4 * Violation.values().length;
    MemorySegment counts = calls.callAddress("sim_violations", bytes, board);
    return Integer.toUnsignedLong(counts.getAtIndex(JAVA_INT, violation.ordinal()));
  }

  /** The step at which it was found first; 0 where it was not. */
  public long firstViolation(Violation violation) {
    int bytes = 8 * Violation.values().length;
    MemorySegment steps = calls.callAddress("sim_first_violations", bytes, board);
    return steps.getAtIndex(JAVA_LONG, violation.ordinal());
  }

  /** All of it, for tests that damage it: the control comes first. */
  MemorySegment memory() {
    return board;
  }

  @Override
  public void close() {
    arena.close();
  }
}
