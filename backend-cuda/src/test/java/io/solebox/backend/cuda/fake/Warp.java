package io.solebox.backend.cuda.fake;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * 32 threads and their registers. Lanes that stand at the same instruction run together; of several
 * such groups the one furthest behind goes first, so that they meet again where branches join. An
 * instruction of the whole warp waits for all lanes it names.
 */
final class Warp {
  private static final int LANES = Registers.LANES;

  enum State {
    READY,
    AT_BARRIER,
    DONE
  }

  /** Registers of 16 and 32 bits, of 64 bits, and predicates; see {@link Registers}. */
  final int[] r;

  final long[] q;
  final int[] p;

  /** What an instruction of the whole warp reads or makes before any lane's register changes. */
  final int[] next = new int[8 * LANES];

  final Block block;
  final int index;

  /** Copies begun with {@code cp.async} and not yet waited for, per lane. */
  final Deque<AsyncCopies.Group>[] copies;

  /** The lane that an instruction is working on, for messages. */
  int lane;

  private final Program program;
  private final Program.Step[] steps;
  private State state = State.DONE;
  private int alive;
  private int started;
  private int pc;
  private int mask;

  /** Groups that could run, behind the running one; and those that wait for others at their pc. */
  private final LaneGroups ready = new LaneGroups();

  private final LaneGroups waiting = new LaneGroups();

  private long instructions;
  private long endOfTurn;

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  Warp(Block block, int index, Program program) {
    this.block = block;
    this.index = index;
    this.program = program;
    steps = program.steps();
    r = new int[program.registers().intCount()];
    q = new long[program.registers().longCount()];
    p = new int[program.registers().predicateCount()];
    copies = new Deque[LANES];
    Arrays.setAll(copies, _ -> new ArrayDeque<>());
  }

  /** At the kernel's start with {@code threads} threads. */
  void begin(InitialRegisters initial, int threads) {
    initial.fill(this);
    for (Deque<AsyncCopies.Group> begun : copies) {
      begun.clear();
    }
    started = threads == LANES ? -1 : (1 << threads) - 1;
    alive = started;
    mask = started;
    pc = 0;
    ready.clear();
    waiting.clear();
    state = State.READY;
  }

  State state() {
    return state;
  }

  /** The barrier's instruction. */
  int pc() {
    return pc;
  }

  int started() {
    return started;
  }

  /** Instructions run so far, each for all its lanes at once. */
  long instructions() {
    return instructions;
  }

  void setPredicate(int slot, int bits, int mask) {
    p[slot] = p[slot] & ~mask | bits & mask;
  }

  void leaveBarrier() {
    state = State.READY;
    pc++;
  }

  /** Runs until the end, a barrier, or the end of its turn. */
  void run(int turn) {
    try {
      endOfTurn = instructions + turn;
      while (state == State.READY && instructions < endOfTurn) {
        if (pc >= ready.lowest()) {
          regroup();
        }
        instructions++;
        step();
      }
    } catch (KernelFault e) {
      throw located(e);
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw new IllegalStateException(where() + ": the interpreter failed", e);
    }
  }

  /** Waits for something outside: its turn is over. */
  void sleep() {
    endOfTurn = instructions;
  }

  private void step() {
    Program.Step step = steps[pc];
    int on = mask & guardBits(step);
    if (step.kind() == Program.Kind.PLAIN) {
      if (on != 0) {
        step.code().run(this, on);
      }
      pc++;
    } else {
      control(step, on);
    }
  }

  private void control(Program.Step step, int on) {
    switch (step.kind()) {
      case PLAIN -> throw new IllegalStateException("not a control instruction");
      case BRANCH -> branch(step, on);
      case EXIT -> exit(on);
      case BARRIER -> barrier(step, on);
      case WARP_WIDE -> warpWide(step, on);
    }
  }

  private void branch(Program.Step step, int taken) {
    int rest = mask & ~taken;
    if (taken == 0) {
      pc++;
    } else if (rest == 0) {
      pc = step.target();
    } else {
      ready.add(pc + 1, rest);
      pc = step.target();
      mask = taken;
      regroup();
    }
  }

  /** Puts the running group among the others and goes on with the one furthest behind. */
  private void regroup() {
    ready.add(pc, mask);
    takeReady();
  }

  private void takeReady() {
    pc = ready.lowest();
    mask = ready.take(pc);
  }

  private void exit(int leaving) {
    alive &= ~leaving;
    mask &= ~leaving;
    if (mask != 0) {
      pc++;
    } else if (!ready.isEmpty()) {
      takeReady();
    } else if (!waiting.isEmpty()) {
      pc = waiting.lowest();
      throw neverArrive(waiting.take(pc));
    } else {
      state = State.DONE;
    }
  }

  private void barrier(Program.Step step, int on) {
    if (alive != started) {
      throw new KernelFault(
          KernelFault.Kind.LAUNCH_FAILED,
          "barrier that some threads of the warp cannot reach, for they have ended");
    }
    if (gathered(step, on, alive)) {
      state = State.AT_BARRIER;
    }
  }

  private void warpWide(Program.Step step, int on) {
    if (on == 0) {
      pc++;
      return;
    }
    int members = members(step, on);
    if ((members & ~alive) != 0) {
      throw new KernelFault(
          KernelFault.Kind.LAUNCH_FAILED, "names lanes that have ended or never were");
    }
    if (gathered(step, on, members)) {
      int left = mask & guardBits(step);
      while (left != 0) {
        int some = members(step, left);
        step.code().run(this, some);
        left &= ~some;
      }
      pc++;
    }
  }

  private int guardBits(Program.Step step) {
    int guard = p[step.guard()];
    return step.guardNegated() ? ~guard : guard;
  }

  private int members(Program.Step step, int on) {
    return r[step.participants() + Integer.numberOfTrailingZeros(on)];
  }

  /** Whether all of {@code needed} are here; if not, this group waits and another one runs. */
  private boolean gathered(Program.Step step, int on, int needed) {
    int before = waiting.take(pc);
    mask |= before;
    on |= before & guardBits(step);
    if ((on & needed) == needed) {
      return true;
    }
    if (ready.isEmpty()) {
      throw neverArrive(on);
    }
    waiting.add(pc, mask);
    takeReady();
    return false;
  }

  private KernelFault neverArrive(int here) {
    return new KernelFault(
        KernelFault.Kind.LAUNCH_FAILED,
        "divergence: lanes %08x wait for others of their warp that never arrive".formatted(here));
  }

  private String where() {
    return "%s, block (%d, %d, %d), thread %d, line %d `%s`"
        .formatted(
            program.name(),
            block.x(),
            block.y(),
            block.z(),
            index * LANES + lane,
            program.lines()[pc],
            program.texts()[pc]);
  }

  private KernelFault located(KernelFault e) {
    var fault = new KernelFault(e.kind(), where() + ": " + e.getMessage());
    fault.initCause(e);
    return fault;
  }

  /** A fault at the barrier where this warp stands. */
  KernelFault faultAtBarrier(String message) {
    lane = 0;
    return located(new KernelFault(KernelFault.Kind.LAUNCH_FAILED, message));
  }
}
