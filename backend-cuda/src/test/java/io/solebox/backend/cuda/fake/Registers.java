package io.solebox.backend.cuda.fake;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a kernel's registers, constants and special registers lie in a warp's three files: ints (16
 * and 32 bits), longs, and predicates with a bit per lane. A slot of the first two is the index of
 * lane 0, those of the other lanes follow.
 */
final class Registers {
  static final int LANES = 32;

  /** The predicate that is on in every lane. */
  static final int ALWAYS = 0;

  private final Map<String, Type> types;
  private final Map<String, Long> variables;
  private final Map<String, Integer> slots = new HashMap<>();
  private final Map<Integer, Integer> intConstants = new HashMap<>();
  private final Map<Long, Integer> longConstants = new HashMap<>();
  private final List<Special> specials = new ArrayList<>();
  private int ints;
  private int longs;
  private int predicates = 1;

  /** A register that the warp fills when it starts. */
  record Special(String name, int slot) {}

  /**
   * @param types of the declared registers
   * @param variables addresses of shared and global variables
   */
  Registers(Map<String, Type> types, Map<String, Long> variables) {
    this.types = types;
    this.variables = variables;
  }

  /** Bits that the register of this operand has; constants and variables take what is asked. */
  int bitsOr(Operand operand, int otherwise) {
    return operand instanceof Operand.Name(String name) && types.containsKey(name)
        ? types.get(name).bits
        : otherwise;
  }

  boolean isPredicate(Operand operand) {
    return operand instanceof Operand.Name(String name) && types.get(name) == Type.PRED;
  }

  /** Slot of an operand that is read as 16 or 32 bits. */
  int intSlot(Statement s, Operand operand) {
    return switch (operand) {
      case Operand.Number(long bits) -> intConstant((int) bits);
      case Operand.Name(String name) when types.containsKey(name) -> {
        if (types.get(name).bits > 32 || types.get(name) == Type.PRED) {
          throw new PtxException(s.line(), name + " is not a 16- or 32-bit register");
        }
        yield slots.computeIfAbsent(name, _ -> nextInt());
      }
      case Operand.Name(String name) when variables.containsKey(name) ->
          intConstant((int) (long) variables.get(name));
      case Operand.Name(String name) when name.equals("WARP_SZ") -> intConstant(LANES);
      case Operand.Name(String name) when name.equals("_") -> nextInt();
      case Operand.Name(String name) when name.startsWith("%") -> special(name);
      default -> throw new PtxException(s.line(), "unexpected operand in " + s.opcode());
    };
  }

  /** Slot of an operand that is read as 64 bits. */
  int longSlot(Statement s, Operand operand) {
    return switch (operand) {
      case Operand.Number(long bits) -> longConstant(bits);
      case Operand.Name(String name) when types.containsKey(name) -> {
        if (types.get(name).bits != 64) {
          throw new PtxException(s.line(), name + " is not a 64-bit register");
        }
        yield slots.computeIfAbsent(name, _ -> nextLong());
      }
      case Operand.Name(String name) when variables.containsKey(name) ->
          longConstant(variables.get(name));
      default -> throw new PtxException(s.line(), "unexpected operand in " + s.opcode());
    };
  }

  int predicateSlot(Statement s, Operand operand) {
    if (operand instanceof Operand.Name(String name)) {
      return predicateSlot(s, name);
    }
    throw new PtxException(s.line(), "not a predicate in " + s.opcode());
  }

  int predicateSlot(Statement s, String name) {
    if (types.get(name) != Type.PRED) {
      throw new PtxException(s.line(), name + " is not a predicate");
    }
    return slots.computeIfAbsent(name, _ -> predicates++);
  }

  private int special(String name) {
    for (Special known : specials) {
      if (known.name.equals(name)) {
        return known.slot;
      }
    }
    var made = new Special(name, nextInt());
    specials.add(made);
    return made.slot;
  }

  int intConstant(int value) {
    return intConstants.computeIfAbsent(value, _ -> nextInt());
  }

  private int longConstant(long value) {
    return longConstants.computeIfAbsent(value, _ -> nextLong());
  }

  private int nextInt() {
    return LANES * ints++;
  }

  private int nextLong() {
    return LANES * longs++;
  }

  int intCount() {
    return LANES * ints;
  }

  int longCount() {
    return LANES * longs;
  }

  int predicateCount() {
    return predicates;
  }

  List<Special> specials() {
    return specials;
  }

  Map<Integer, Integer> intConstants() {
    return intConstants;
  }

  Map<Long, Integer> longConstants() {
    return longConstants;
  }
}
