package io.solebox.app.airgap.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes programs of classic BPF with labels in place of distances ({@code linux/filter.h}). Jumps
 * go forward only, as the kernel wants it.
 */
final class Assembler {
  static final int LOAD_WORD = 0x20;
  static final int AND = 0x54;
  static final int JUMP_EQUAL = 0x15;
  static final int JUMP_AT_LEAST = 0x35;
  static final int JUMP_ANY_BIT = 0x45;
  static final int RETURN = 0x06;

  /** The longest way of a conditional jump. */
  private static final int FARTHEST = 255;

  /** {@code BPF_MAXINSNS}. */
  private static final int MOST = 4096;

  /** A place in the program that may not be written yet. */
  static final class Label {
    private Optional<Integer> place = Optional.empty();
  }

  private record Line(int code, Optional<Label> yes, Optional<Label> no, int k) {}

  private final List<Line> lines = new ArrayList<>();

  /** The word of {@code struct seccomp_data} at this offset becomes what is tested. */
  Assembler load(int offset) {
    return add(LOAD_WORD, offset);
  }

  /** Only these bits of it stay. */
  Assembler and(int bits) {
    return add(AND, bits);
  }

  /** Jumps where it is equal to {@code value}, and goes on otherwise. */
  Assembler ifEqual(int value, Label target) {
    return jump(JUMP_EQUAL, value, Optional.of(target), Optional.empty());
  }

  /** Jumps where it is not equal to {@code value}. */
  Assembler unlessEqual(int value, Label target) {
    return jump(JUMP_EQUAL, value, Optional.empty(), Optional.of(target));
  }

  /** Jumps where it is, as a number without sign, {@code value} or more. */
  Assembler ifAtLeast(int value, Label target) {
    return jump(JUMP_AT_LEAST, value, Optional.of(target), Optional.empty());
  }

  /** Jumps where it has any of these bits. */
  Assembler ifAnyBit(int bits, Label target) {
    return jump(JUMP_ANY_BIT, bits, Optional.of(target), Optional.empty());
  }

  /** Jumps where it has none of these bits. */
  Assembler unlessAnyBit(int bits, Label target) {
    return jump(JUMP_ANY_BIT, bits, Optional.empty(), Optional.of(target));
  }

  /** Ends with this word for the kernel. */
  Assembler end(int action) {
    return add(RETURN, action);
  }

  /** The label is here. */
  Assembler place(Label label) {
    assert label.place.isEmpty() : "placed twice";
    label.place = Optional.of(lines.size());
    return this;
  }

  private Assembler add(int code, int k) {
    return jump(code, k, Optional.empty(), Optional.empty());
  }

  private Assembler jump(int code, int k, Optional<Label> yes, Optional<Label> no) {
    lines.add(new Line(code, yes, no, k));
    return this;
  }

  /**
   * @throws IllegalStateException if a label was not placed, lies behind its jump, or too far away
   */
  List<Instruction> assemble() {
    if (lines.size() > MOST) {
      throw new IllegalStateException("%d instructions are too many".formatted(lines.size()));
    }
    var program = new ArrayList<Instruction>();
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      program.add(new Instruction(line.code, distance(i, line.yes), distance(i, line.no), line.k));
    }
    return List.copyOf(program);
  }

  private static int distance(int from, Optional<Label> label) {
    if (label.isEmpty()) {
      return 0;
    }
    int distance =
        label.get().place.orElseThrow(() -> new IllegalStateException("a label was not placed"))
            - from
            - 1;
    if (distance < 0 || distance > FARTHEST) {
      throw new IllegalStateException("a jump over %d instructions".formatted(distance));
    }
    return distance;
  }
}
