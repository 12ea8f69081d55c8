package io.solebox.app.airgap.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.app.airgap.filter.Assembler.Label;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Labels become distances. */
class AssemblerTest {
  @Test
  void distancesAreCountedFromTheNextInstruction() {
    var yes = new Label();
    var no = new Label();
    List<Instruction> program =
        new Assembler()
            .load(0)
            .ifEqual(7, yes)
            .unlessEqual(8, no)
            .end(1)
            .place(yes)
            .end(2)
            .place(no)
            .end(3)
            .assemble();
    assertEquals(
        List.of(
            new Instruction(Assembler.LOAD_WORD, 0, 0, 0),
            new Instruction(Assembler.JUMP_EQUAL, 2, 0, 7),
            new Instruction(Assembler.JUMP_EQUAL, 0, 2, 8),
            new Instruction(Assembler.RETURN, 0, 0, 1),
            new Instruction(Assembler.RETURN, 0, 0, 2),
            new Instruction(Assembler.RETURN, 0, 0, 3)),
        program);
    assertEquals(2, BpfMachine.run(program, new BpfMachine.Call(0, 7)));
    assertEquals(1, BpfMachine.run(program, new BpfMachine.Call(0, 8)));
    assertEquals(3, BpfMachine.run(program, new BpfMachine.Call(0, 9)));
  }

  @Test
  void numbersHaveNoSign() {
    var large = new Label();
    List<Instruction> program =
        new Assembler().load(0).ifAtLeast(0x4000_0000, large).end(1).place(large).end(2).assemble();
    assertEquals(2, BpfMachine.run(program, new BpfMachine.Call(0, -1)));
    assertEquals(1, BpfMachine.run(program, new BpfMachine.Call(0, 0x3fff_ffff)));
  }

  @Test
  void whatTheKernelWouldNotTakeIsRefused() {
    var never = new Label();
    assertThrows(
        IllegalStateException.class, () -> new Assembler().ifEqual(1, never).end(0).assemble());

    var behind = new Label();
    Assembler back = new Assembler().place(behind).load(0).ifEqual(1, behind);
    assertThrows(IllegalStateException.class, back::assemble);

    assertEquals(258, far(255).assemble().size());
    assertThrows(IllegalStateException.class, far(256)::assemble);
  }

  private static Assembler far(int between) {
    var target = new Label();
    Assembler program = new Assembler().load(0).ifEqual(1, target);
    for (int i = 0; i < between; i++) {
      program.end(0);
    }
    return program.place(target).end(1);
  }
}
