package io.solebox.backend.cuda.kernels;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The machine code of one kernel as {@code nvdisasm -c} prints it: instructions in the order in
 * which they lie in memory, and where branches lead.
 */
record Sass(List<Instruction> code, Map<String, Integer> labels) {
  private static final Pattern SECTION = Pattern.compile("^\\.text\\.(\\w+):");
  private static final Pattern LABEL = Pattern.compile("^(\\.L_\\w+):");
  private static final Pattern LINE =
      Pattern.compile(
          "^\\s+/\\*[0-9a-f]{4,}\\*/\\s+(?:@(!?U?P\\w+)\\s+)?([A-Z][\\w.]*)\\s*(.*?)\\s*;");
  private static final Pattern REGISTER = Pattern.compile("(?<![A-Za-z0-9_])R(\\d+)");
  private static final Pattern TARGET = Pattern.compile("`\\((\\.L_\\w+)\\)");

  /**
   * An instruction.
   *
   * @param guarded whether a predicate decides if it runs
   * @param opcode with its modifiers
   */
  record Instruction(boolean guarded, String opcode, String operands) {
    boolean is(String name) {
      return opcode.equals(name) || opcode.startsWith(name + ".");
    }

    boolean loadsGlobal() {
      return is("LDG");
    }

    boolean has(String modifier) {
      return (opcode + ".").contains("." + modifier + ".");
    }

    /** 16 bytes that no other thread will want: how kernels load weights. */
    boolean loadsWeights() {
      return loadsGlobal() && has("NA") && has("128") && has("CONSTANT");
    }

    private boolean writesRegister() {
      return !opcode.startsWith("ST") && !opcode.contains("SETP") && !is("RED") && !is("BAR");
    }

    /** The registers of the first operand that is one, behind the predicates. */
    Set<Integer> written() {
      int width = has("128") ? 4 : has("64") ? 2 : 1;
      OptionalInt first = destination();
      return first.isEmpty() ? Set.of() : consecutive(first.getAsInt(), width);
    }

    private OptionalInt destination() {
      for (String operand : writesRegister() ? operands.split(",\\s*") : new String[0]) {
        Matcher m = REGISTER.matcher(operand);
        if (m.matches()) {
          return OptionalInt.of(Integer.parseInt(m.group(1)));
        }
        if (!operand.matches("U?P[T\\d]")) {
          return OptionalInt.empty();
        }
      }
      return OptionalInt.empty();
    }

    /**
     * Registers named as sources. Of an aligned pair or quad the first is named alone; loads of as
     * many registers are aligned in the same way, so that reading any of them is noticed.
     */
    Set<Integer> read() {
      var read = new HashSet<Integer>();
      boolean skip = destination().isPresent();
      Matcher m = REGISTER.matcher(operands);
      while (m.find()) {
        if (!skip) {
          read.add(Integer.parseInt(m.group(1)));
        }
        skip = false;
      }
      return read;
    }

    private static Set<Integer> consecutive(int first, int count) {
      var registers = new HashSet<Integer>();
      IntStream.range(first, first + count).forEach(registers::add);
      return registers;
    }
  }

  /** All kernels of a disassembly by name. */
  static Map<String, Sass> parse(String text) {
    var kernels = new LinkedHashMap<String, Sass>();
    var current = new Sass(new ArrayList<>(), new HashMap<>());
    for (String line : (Iterable<String>) text.lines()::iterator) {
      Matcher section = SECTION.matcher(line);
      Matcher label = LABEL.matcher(line);
      Matcher instruction = LINE.matcher(line);
      if (section.find()) {
        current = new Sass(new ArrayList<>(), new HashMap<>());
        kernels.put(section.group(1), current);
      } else if (label.find()) {
        current.labels.put(label.group(1), current.code.size());
      } else if (instruction.find()) {
        boolean guarded = instruction.group(1) != null;
        current.code.add(new Instruction(guarded, instruction.group(2), instruction.group(3)));
      }
    }
    return kernels;
  }

  private OptionalInt target(int i) {
    Matcher m = TARGET.matcher(code.get(i).operands());
    Integer at = m.find() ? labels.get(m.group(1)) : null;
    return at == null ? OptionalInt.empty() : OptionalInt.of(at);
  }

  /** Loops without another in them, each from its first instruction to the branch back. */
  List<List<Instruction>> innerLoops() {
    var loops = new ArrayList<List<Instruction>>();
    int last = -1; // where the inner loop before begins
    for (int i = 0; i < code.size(); i++) {
      OptionalInt to = code.get(i).is("BRA") ? target(i) : OptionalInt.empty();
      // A branch to itself fills the end of a kernel.
      if (to.isPresent() && to.getAsInt() < i && to.getAsInt() > last) {
        loops.add(code.subList(to.getAsInt(), i + 1));
        last = to.getAsInt();
      }
    }
    return loops;
  }

  /** Where the kernel may go on after an instruction; more than it can, never less. */
  private Set<Integer> next(int i) {
    var next = new HashSet<Integer>();
    Instruction at = code.get(i);
    // A branch with operands before its target has a condition of its own.
    boolean ends = at.is("EXIT") || at.is("RET") || at.is("BRA") && at.operands().startsWith("`");
    if ((at.guarded() || !ends) && i + 1 < code.size()) {
      next.add(i + 1);
    }
    target(i).ifPresent(next::add);
    if (at.is("RET")) {
      all(j -> code.get(j).is("CALL") && j + 1 < code.size()).forEach(j -> next.add(j + 1));
    }
    return next;
  }

  private List<Integer> all(IntPredicate which) {
    return IntStream.range(0, code.size()).filter(which).boxed().toList();
  }

  /** Everything that may run before the end that the shortest way leads to from {@code from}. */
  List<Instruction> beforeNearestExit(int from) {
    var seen = new HashSet<Integer>();
    var queue = new ArrayDeque<>(List.of(from));
    while (!queue.isEmpty()) {
      int i = queue.remove();
      if (code.get(i).is("EXIT")) {
        return before(i);
      }
      if (seen.add(i)) {
        queue.addAll(next(i));
      }
    }
    throw new AssertionError("no end is reached from " + code.get(from));
  }

  private List<Instruction> before(int end) {
    var sources = new HashMap<Integer, Set<Integer>>();
    for (int i = 0; i < code.size(); i++) {
      for (int to : next(i)) {
        sources.computeIfAbsent(to, t -> new HashSet<>()).add(i);
      }
    }
    var before = new HashSet<Integer>();
    var queue = new ArrayDeque<>(List.of(end));
    while (!queue.isEmpty()) {
      int i = queue.remove();
      if (before.add(i)) {
        queue.addAll(sources.getOrDefault(i, Set.of()));
      }
    }
    return before.stream().sorted().map(code::get).toList();
  }

  /** The only instruction of a name. */
  int only(String name) {
    List<Integer> found = all(i -> code.get(i).is(name));
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " instructions " + name + " where one was expected");
    }
    return found.getFirst();
  }
}
