package io.solebox.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.backend.cuda.kernels.Assembler.Usage;
import io.solebox.backend.cuda.kernels.Sass.Instruction;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How machine code is read, on lines as {@code ptxas} and {@code nvdisasm} print them. */
class SassTest {
  /** Instructions, and labels that end in a colon, as a kernel of that name. */
  private static Sass kernel(String... lines) {
    String text =
        Arrays.stream(lines)
            .map(l -> l.endsWith(":") ? l : "        /*0640*/                   " + l + " ;")
            .collect(Collectors.joining("\n"));
    return Sass.parse(".text.one:\n" + text).get("one");
  }

  private static Instruction instruction(String line) {
    return kernel(line).code().getFirst();
  }

  @Test
  void registersReadAndWritten() {
    Instruction load = instruction("LDG.E.NA.128.CONSTANT R4, desc[UR6][R8.64+0x20]");
    assertEquals(Set.of(4, 5, 6, 7), load.written());
    assertEquals(Set.of(8), load.read());
    assertEquals(Set.of(10, 11), instruction("ISETP.GE.AND P0, PT, R10, R11, PT").read());
    assertEquals(Set.of(2, 5), instruction("STG.E desc[UR6][R2.64], R5").read());
    Instruction atom = instruction("ATOMG.E.ADD.STRONG.GPU PT, R0, desc[UR6][R2.64], R5");
    assertEquals(Set.of(0), atom.written());
    assertEquals(Set.of(2, 5), atom.read());
    assertEquals(Set.of(3), instruction("@!P1 I2FP.F32.S32 R9, -R3.reuse").read());
  }

  private static final String[] LOOP = {
    "MOV R1, c[0x0][0x28]",
    ".L_x_1:",
    "LDG.E.NA.128.CONSTANT R4, [R4.64]",
    "LDG.E.128 R12, [R28.64]",
    "LDG.E.NA.128.CONSTANT R8, [R8.64]",
    "IMAD R30, R29, R29, RZ",
    "@!P2 BRA `(.L_x_1)",
    "EXIT",
    ".L_x_2:",
    "BRA `(.L_x_2)"
  };

  @Test
  void loadsOfARoundCountUntilTheFirstUse() {
    assertEquals(2, LoadsInFlight.ofMainLoop(kernel(LOOP)));
    String[] early = LOOP.clone();
    early[3] = "LOP3.LUT R12, R5, 0xf0f0f0f, RZ, 0xc0, !PT";
    assertEquals(1, LoadsInFlight.ofMainLoop(kernel(early)));
  }

  @Test
  void aBatchEndsAtItsFirstUse() {
    Sass kernel =
        kernel(
            "LDG.E.64 R4, [R4.64]",
            "@P4 BRA `(.L_x_3)",
            "LDG.E.64 R8, [R8.64]",
            ".L_x_3:",
            "I2F.S8 R6, R8",
            "LDG.E.64 R4, [R4.64]",
            "I2F.S8 R6, R4");
    assertEquals(List.of(2, 1), LoadsInFlight.ofAttention(kernel));
  }

  /** The rare way may lie before the common one in memory. */
  @Test
  void theCommonWayIsFollowedAndNotTheOrderInMemory() {
    Sass kernel =
        kernel(
            "BRA `(.L_x_5)",
            ".L_x_4:",
            "CCTL.IVALL",
            "EXIT",
            ".L_x_5:",
            "MEMBAR.ALL.GPU",
            "ATOMG.E.ADD.STRONG.GPU PT, R0, desc[UR6][R2.64], R5",
            "@!P0 BRA `(.L_x_4)",
            "EXIT");
    List<String> before =
        kernel.beforeNearestExit(kernel.only("ATOMG")).stream().map(Instruction::opcode).toList();
    assertEquals(List.of("BRA", "MEMBAR.ALL.GPU", "ATOMG.E.ADD.STRONG.GPU", "BRA", "EXIT"), before);
  }

  @Test
  void whatTheAssemblerSays() {
    String text =
        """
        ptxas info    : Compiling entry function 'rmsnorm' for 'sm_80'
        ptxas info    : Function properties for rmsnorm
            16 bytes stack frame, 8 bytes spill stores, 12 bytes spill loads
        ptxas info    : Used 64 registers, used 1 barriers, 128 bytes smem, 420 bytes cmem[0]
        ptxas info    : Compiling entry function 'add' for 'sm_80'
        ptxas info    : Function properties for add
            0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
        ptxas info    : Used 12 registers, used 0 barriers, 380 bytes cmem[0]
        """;
    assertEquals(
        List.of(new Usage("rmsnorm", 64, 128, 36), new Usage("add", 12, 0, 0)),
        Assembler.usages(text));
  }

  @ParameterizedTest
  @CsvSource({
    "sm_90, 80, 0, 128, 6",
    "sm_90, 81, 0, 128, 5",
    "sm_90, 16, 0, 32, 32",
    "sm_90, 128, 17408, 128, 4",
    "sm_80, 128, 40960, 256, 2",
    "sm_70, 32, 40960, 256, 2",
    "sm_70, 64, 128, 1024, 1"
  })
  void blocksOfAMultiprocessor(String target, int registers, int shared, int threads, int blocks) {
    assertEquals(blocks, MachineCode.blocks(target, registers, shared, threads));
  }

  @Test
  void theTableIsReadAsItIsWritten() {
    var q = new MachineCode("linear_q4_k_1", "sm_80", 102, 32, 4, OptionalInt.of(4));
    var norm = new MachineCode("rmsnorm", "sm_70", 64, 128, 1, OptionalInt.empty());
    assertEquals(
        Map.of(q.key(), q, norm.key(), norm),
        MachineCode.parse(MachineCode.lines(List.of(q, norm))));
  }
}
