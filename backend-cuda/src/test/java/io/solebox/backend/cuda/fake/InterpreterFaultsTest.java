package io.solebox.backend.cuda.fake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the interpreter finds wrong in kernels, and where it says it is. */
class InterpreterFaultsTest {
  private static KernelFault fault(String ptx, Schedule schedule, int threads) {
    var machine = new PtxMachine(ptx, schedule);
    long out = machine.upload(new float[threads]);
    return assertThrows(KernelFault.class, () -> machine.launch("k", 2, 1, threads, out));
  }

  private static KernelFault fault(String body) {
    return fault(TestPtx.kernel("k", ".u64 out", body), Schedule.EAGER, 64);
  }

  private static void assertContains(String part, String text) {
    assertTrue(text.contains(part), text);
  }

  /** Address of this thread's float in {@code %d1}, its index in {@code %r1}. */
  private static final String MINE =
      """
      ld.param.u64 %d1, [out];
      mov.u32 %r1, %tid.x;
      mul.wide.u32 %d2, %r1, 4;
      add.s64 %d1, %d1, %d2;
      """;

  /** As above in shared memory {@code s}: address in {@code %d4}. */
  private static final String SHARED =
      ".shared .align 16 .b8 s[256];\n" + MINE + "mov.u64 %d3, s;\nadd.s64 %d4, %d3, %d2;\n";

  @Test
  void anAccessBehindTheEnd() {
    KernelFault e = fault(MINE + "st.global.f32 [%d1+4], 0f3F800000;");
    assertEquals(KernelFault.Kind.ILLEGAL_ADDRESS, e.kind());
    assertContains("k, block (0, 0, 0), thread 63, line 14 `st.global.f32`", e.getMessage());
    assertContains("256 bytes from the start of an allocation of 256", e.getMessage());
  }

  @Test
  void anAccessThatIsNotAligned() {
    KernelFault e = fault(MINE + "ld.global.v2.f32 {%f1, %f2}, [%d1];");
    assertEquals(KernelFault.Kind.MISALIGNED_ADDRESS, e.kind());
    assertContains("thread 1,", e.getMessage());
  }

  @Test
  void anAccessOutsideSharedMemory() {
    assertContains("outside the 256", fault(SHARED + "ld.shared.u32 %r2, [%d4+4];").getMessage());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aMissingBarrier(boolean reversed) {
    // Each thread reads what its neighbour in the other warp wrote.
    String exchange =
        """
        st.shared.u32 [%d4], %r1;
        BARRIER
        xor.b32 %r2, %r1, 32;
        mul.wide.u32 %d5, %r2, 4;
        add.s64 %d5, %d5, %d3;
        ld.shared.u32 %r3, [%d5];
        st.global.u32 [%d1], %r3;
        """;
    var schedule = new Schedule(false, reversed);
    String good =
        TestPtx.kernel("k", ".u64 out", SHARED + exchange.replace("BARRIER", "bar.sync 0;"));
    var machine = new PtxMachine(good, schedule);
    long out = machine.upload(new float[64]);
    machine.launch("k", 2, 1, 64, out);
    assertEquals(33, machine.ints(out, 64)[1]);
    String bad = TestPtx.kernel("k", ".u64 out", SHARED + exchange.replace("BARRIER", ""));
    KernelFault e = fault(bad, schedule, 64);
    assertContains("with no barrier in between", e.getMessage());
  }

  @Test
  void aMissingBarrierWithinAWarp() {
    String exchange =
        """
        st.shared.u32 [%d4], %r1;
        xor.b32 %r2, %r1, 1;
        mul.wide.u32 %d5, %r2, 4;
        add.s64 %d5, %d5, %d3;
        ld.shared.u32 %r3, [%d5];
        """;
    KernelFault e = fault(SHARED + exchange);
    assertContains("that thread 1 wrote with no barrier in between", e.getMessage());
  }

  @Test
  void aWriteThatOvertakesAReader() {
    // The second round of a loop that lacks the barrier at its end.
    String rounds =
        """
        mov.u32 %r5, 0;
        $LOOP:
        st.shared.u32 [%d4], %r1;
        bar.sync 0;
        xor.b32 %r2, %r1, 32;
        mul.wide.u32 %d5, %r2, 4;
        add.s64 %d5, %d5, %d3;
        ld.shared.u32 %r3, [%d5];
        add.s32 %r5, %r5, 1;
        setp.lt.s32 %p1, %r5, 2;
        @%p1 bra $LOOP;
        """;
    assertContains("with no barrier in between", fault(SHARED + rounds).getMessage());
  }

  @Test
  void aBarrierThatSomeWarpsSkip() {
    KernelFault e =
        fault(
            MINE
                + """
                setp.ge.u32 %p1, %r1, 32;
                @%p1 bra $SKIP;
                bar.sync 0;
                $SKIP:
                """);
    assertContains("barrier that not all warps of the block reach", e.getMessage());
  }

  @Test
  void aBarrierThatSomeLanesSkip() {
    KernelFault e =
        fault(
            MINE
                + """
                setp.eq.u32 %p1, %r1, 3;
                @%p1 bra $END;
                bar.sync 0;
                $END:
                """);
    assertContains("never arrive", e.getMessage());
  }

  @Test
  void aShuffleThatSomeLanesSkip() {
    KernelFault e =
        fault(
            MINE
                + """
                setp.eq.u32 %p1, %r1, 3;
                @%p1 bra $END;
                shfl.sync.bfly.b32 %r2, %r1, 1, 31, -1;
                $END:
                """);
    assertContains("never arrive", e.getMessage());
  }

  @Test
  void aCopyThatIsNotWaitedFor() {
    String copy =
        """
        cvt.u32.u64 %r4, %d4;
        cp.async.ca.shared.global [%r4], [%d1], 4;
        cp.async.commit_group;
        WAIT
        ld.shared.f32 %f1, [%d4];
        st.global.f32 [%d1], %f1;
        """;
    for (var schedule : new Schedule[] {Schedule.EAGER, Schedule.DEFERRED}) {
      for (boolean waits : new boolean[] {true, false}) {
        String ptx =
            TestPtx.kernel(
                "k",
                ".u64 out",
                SHARED + copy.replace("WAIT", waits ? "cp.async.wait_group 0;" : ""));
        var machine = new PtxMachine(ptx, schedule);
        long out = machine.upload(new float[64]);
        machine.launch("k", 1, 1, 64, out);
        boolean nan = Float.isNaN(machine.floats(out, 64)[5]);
        assertEquals(!waits && schedule.deferCopies(), nan);
      }
    }
  }

  @Test
  void memoryThatNobodyWroteIsNan() {
    var machine =
        new PtxMachine(
            TestPtx.kernel(
                "k", ".u64 out", SHARED + "ld.shared.f32 %f1, [%d4];\nst.global.f32 [%d1], %f1;"),
            Schedule.EAGER);
    long out = machine.allocate(256);
    assertTrue(Float.isNaN(machine.floats(out, 1)[0]));
    machine.launch("k", 1, 1, 64, out);
    assertTrue(Float.isNaN(machine.floats(out, 1)[0]));
  }

  @Test
  void blocksThatWaitForEachOtherTakeTurns() {
    // Block 0 waits for the flag that block 1 sets.
    String ptx =
        TestPtx.kernel(
            "k",
            ".u64 out",
            """
            ld.param.u64 %d1, [out];
            mov.u32 %r1, %ctaid.x;
            setp.eq.u32 %p1, %r1, 0;
            @%p1 bra $WAIT;
            atom.global.add.u32 %r2, [%d1], 7;
            bra.uni $END;
            $WAIT:
            ld.global.u32 %r3, [%d1];
            setp.eq.u32 %p2, %r3, 0;
            @%p2 bra $WAIT;
            st.global.u32 [%d1+4], %r3;
            $END:
            """);
    var machine = new PtxMachine(ptx, Schedule.EAGER);
    long out = machine.upload(new int[2]);
    machine.launch("k", 2, 1, 1, out);
    assertArrayEquals(new int[] {7, 7}, machine.ints(out, 2));
  }

  @Test
  void lanesThatPartMeetAgain() {
    // Lane i loops i times; all of them must be there for the sum at the end.
    String ptx =
        TestPtx.kernel(
            "k",
            ".u64 out",
            MINE
                + """
                mov.u32 %r2, 0;
                mov.u32 %r3, 0;
                $LOOP:
                setp.ge.u32 %p1, %r2, %r1;
                @%p1 bra $OUT;
                add.s32 %r2, %r2, 1;
                add.s32 %r3, %r3, 2;
                bra.uni $LOOP;
                $OUT:
                redux.sync.add.s32 %r4, %r3, -1;
                st.global.u32 [%d1], %r4;
                """);
    var machine = new PtxMachine(ptx, Schedule.EAGER);
    long out = machine.upload(new int[32]);
    machine.launch("k", 1, 1, 32, out);
    assertEquals(2 * 31 * 32 / 2, machine.ints(out, 32)[17]);
  }

  @Test
  void unknownInstructionsAreRefusedWithTheirLine() {
    var e =
        assertThrows(
            PtxException.class,
            () ->
                new PtxMachine(
                    TestPtx.kernel("k", ".u64 out", "frobnicate.b32 %r1, %r2;"), Schedule.EAGER));
    assertContains("line 10: not supported by the interpreter: frobnicate.b32", e.getMessage());
  }
}
