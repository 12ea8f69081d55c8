package io.solebox.backend.cuda.fake;

import io.solebox.backend.cuda.fake.PtxFile.KernelSource;
import io.solebox.backend.cuda.fake.PtxFile.Parameter;
import io.solebox.backend.cuda.fake.PtxFile.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Turns a kernel's statements into instructions that run without looking at text. */
final class Translator {
  /** Of all kernels, by opcode and register widths: each costs a class. */
  private static final Map<String, LoopClass> LOOPS = new ConcurrentHashMap<>();

  private static final int NO_TARGET = 0;

  private final KernelSource source;
  private final Registers registers;
  private final int sharedBytes;
  private final List<Variable> shared;

  private Translator(KernelSource source, Map<String, Long> globals) {
    this.source = source;
    var addresses = new HashMap<String, Long>(globals);
    int offset = 0;
    for (Variable v : source.shared()) {
      if (v.bytes() > 0) {
        offset = PtxParser.align(offset, v.align());
        addresses.put(v.name(), (long) offset);
        offset += v.bytes();
      }
    }
    sharedBytes = offset;
    for (Variable v : source.shared()) {
      if (v.bytes() == 0) { // dynamic, behind all others
        addresses.put(v.name(), (long) PtxParser.align(offset, Math.max(16, v.align())));
      }
    }
    shared = source.shared();
    registers = new Registers(source.registers(), addresses);
  }

  /**
   * @param globals addresses of the file's variables
   */
  static Program translate(KernelSource source, Map<String, Long> globals) {
    return new Translator(source, globals).program();
  }

  private Program program() {
    // Control that runs past the last statement ends the thread.
    var statements = new ArrayList<>(source.statements());
    int lastLine = statements.isEmpty() ? 0 : statements.getLast().line();
    statements.add(new Statement(lastLine, "", false, "ret", List.of()));
    int n = statements.size();
    var steps = new Program.Step[n];
    var lines = new int[n];
    var texts = new String[n];
    for (int i = 0; i < n; i++) {
      Statement s = statements.get(i);
      steps[i] = step(s);
      lines[i] = s.line();
      texts[i] = s.opcode();
    }
    return new Program(
        source.name(),
        steps,
        lines,
        texts,
        registers,
        source.parameters(),
        shared,
        sharedBytes,
        source.maxThreads());
  }

  private Program.Step step(Statement s) {
    Program.Kind kind = kind(s);
    return new Program.Step(
        instruction(s),
        kind,
        s.guard().isEmpty() ? Registers.ALWAYS : registers.predicateSlot(s, s.guard()),
        s.guardNegated(),
        kind == Program.Kind.BRANCH ? target(s) : NO_TARGET,
        participants(s));
  }

  private int target(Statement s) {
    if (s.operand(0) instanceof Operand.Name(String label) && source.labels().containsKey(label)) {
      return source.labels().get(label);
    }
    throw new PtxException(s.line(), "no such label");
  }

  private static Program.Kind kind(Statement s) {
    return switch (s.operation()) {
      case "bra" -> Program.Kind.BRANCH;
      case "ret", "exit" -> Program.Kind.EXIT;
      case "bar", "barrier" -> s.has("warp") ? Program.Kind.WARP_WIDE : Program.Kind.BARRIER;
      case "shfl", "vote", "redux", "ldmatrix", "mma" -> Program.Kind.WARP_WIDE;
      default -> Program.Kind.PLAIN;
    };
  }

  /** The slot of a warp-wide instruction's member mask. */
  private int participants(Statement s) {
    return switch (s.operation()) {
      case "shfl", "vote", "redux" -> registers.intSlot(s, s.operands().getLast());
      case "bar", "barrier" ->
          s.has("warp") ? registers.intSlot(s, s.operand(0)) : registers.intConstant(-1);
      default -> registers.intConstant(-1);
    };
  }

  private Instruction instruction(Statement s) {
    return switch (s.operation()) {
      case "ld", "ldu" ->
          s.has("param")
              ? MemoryOps.loadParameter(s, registers, offset(s))
              : MemoryOps.load(s, registers);
      case "st" -> MemoryOps.store(s, registers);
      case "atom", "red" -> Atomics.of(s, registers);
      case "mov" -> Moves.move(s, registers);
      case "cvta" -> Moves.convertAddress(s, registers);
      case "selp" -> Moves.select(s, registers);
      case "setp" -> Moves.test(s, registers);
      case "bra", "ret", "exit" -> Translator::nothing;
      case "fence" -> (warp, mask) -> warp.block.traffic().fence(warp, mask);
      // Hints change nothing.
      case "griddepcontrol" -> Translator::nothing;
      case "nanosleep" -> (warp, _) -> warp.sleep();
      case "prefetch" -> MemoryOps.prefetch(s, registers);
      case "trap" -> Translator::trap;
      case "bar", "barrier" -> s.has("warp") ? WarpOps.warpBarrier() : blockBarrier(s);
      case "shfl" -> WarpOps.shuffle(s, registers);
      case "vote" -> WarpOps.vote(s, registers);
      case "activemask" -> WarpOps.activeMask(s, registers);
      case "redux" -> WarpOps.reduce(s, registers);
      case "cp" -> AsyncCopies.of(s, registers);
      case "ldmatrix" -> MatrixOps.loadMatrix(s, registers);
      case "mma" -> MatrixOps.multiply(s, registers);
      default ->
          s.type() == Type.PRED ? Moves.logic(s, registers) : loop(s, registers, s.operands(), "");
    };
  }

  private Instruction blockBarrier(Statement s) {
    if (!s.has("sync") || s.has("red")) {
      throw s.unsupported();
    }
    return WarpOps.BlockBarrier.of(s, registers);
  }

  private static void nothing(Warp warp, int mask) {}

  private static void trap(Warp warp, int mask) {
    throw new KernelFault(KernelFault.Kind.LAUNCH_FAILED, "trap");
  }

  private int offset(Statement s) {
    if (s.operand(1) instanceof Operand.Address(Operand.Name(String name), long offset)) {
      for (Parameter p : source.parameters()) {
        if (p.name().equals(name)) {
          return p.offset() + (int) offset;
        }
      }
    }
    throw s.unsupported();
  }

  /** An operation of each lane for itself, on as many registers as it takes. */
  static Instruction loop(
      Statement s, Registers registers, List<Operand> operands, String comparison) {
    int toBits = registers.bitsOr(operands.get(0), 32);
    int fromBits = registers.bitsOr(operands.get(1), s.type().bits);
    String key = s.opcode() + " " + toBits + " " + fromBits;
    LoopClass loop =
        LOOPS.computeIfAbsent(key, _ -> Loops.around(operation(s, comparison, toBits, fromBits)));
    String files = loop.files();
    if (operands.size() < files.length()) {
      throw new PtxException(s.line(), s.opcode() + " has too few operands");
    }
    int[] slots = new int[files.length()];
    for (int i = 0; i < slots.length; i++) {
      Operand operand = operands.get(i);
      slots[i] =
          switch (files.charAt(i)) {
            case 'r' -> registers.intSlot(s, operand);
            case 'q' -> registers.longSlot(s, operand);
            default -> registers.predicateSlot(s, operand);
          };
    }
    return loop.at(slots);
  }

  private static Object operation(Statement s, String comparison, int toBits, int fromBits) {
    if (s.operation().equals("cvt")) {
      return Conversions.of(s, toBits, fromBits);
    }
    Type type = s.type();
    if (!comparison.isEmpty()) {
      return type.isInteger() ? IntegerTests.of(s, comparison) : FloatOps.test(s, comparison);
    }
    return switch (type.meaning) {
      case HALF, BRAIN -> HalfOps.of(s);
      case FLOAT -> FloatOps.of(s);
      case BITS, UNSIGNED, SIGNED -> IntegerOps.of(s);
    };
  }
}
