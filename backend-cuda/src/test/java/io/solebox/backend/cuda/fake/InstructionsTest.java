package io.solebox.backend.cuda.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single instructions; the expected values are worked out from the manual of PTX. */
class InstructionsTest {
  /** Runs {@code body} on one thread with {@code a}, {@code b} in %r1, %r2; the result is %r3. */
  private static int run(String body, int a, int b) {
    var machine =
        new PtxMachine(
            TestPtx.kernel(
                "k",
                ".u64 out, .u32 a, .u32 b",
                """
                ld.param.u64 %d1, [out];
                ld.param.u32 %r1, [a];
                ld.param.u32 %r2, [b];
                mov.b32 %f1, %r1;
                mov.b32 %f2, %r2;
                """
                    + body
                    + "\nst.global.u32 [%d1], %r3;"),
            Schedule.EAGER);
    long out = machine.allocate(4);
    machine.launch("k", 1, 1, 1, out, a, b);
    return machine.ints(out, 1)[0];
  }

  private static int parse(String text) {
    return text.contains(".")
        ? Float.floatToRawIntBits(Float.parseFloat(text))
        : (int) (long) Long.decode(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "add.s32 %r3, %r1, %r2;               | 0x7fffffff | 1 | 0x80000000",
        "mul.hi.u32 %r3, %r1, %r2;            | 0xffffffff | 0xffffffff | 0xfffffffe",
        "mul.hi.s32 %r3, %r1, %r2;            | -1 | 5 | -1",
        "shl.b32 %r3, %r1, %r2;               | 1 | 32 | 0",
        "shr.u32 %r3, %r1, %r2;               | 0x80000000 | 40 | 0",
        "shr.s32 %r3, %r1, %r2;               | 0x80000000 | 40 | -1",
        "div.u32 %r3, %r1, %r2;               | -2 | 2 | 0x7fffffff",
        "rem.s32 %r3, %r1, %r2;               | -7 | 3 | -1",
        "min.u32 %r3, %r1, %r2;               | -1 | 5 | 5",
        "min.s32 %r3, %r1, %r2;               | -1 | 5 | -1",
        "bfe.u32 %r3, %r1, 4, 8;              | 0x12345678 | 0 | 0x67",
        "bfe.s32 %r3, %r1, 8, 4;              | 0x00000f00 | 0 | -1",
        "bfi.b32 %r3, %r1, %r2, 8, 4;         | 0xab | 0x11111111 | 0x11111b11",
        "prmt.b32 %r3, %r1, %r2, 0x5140;      | 0x33221100 | 0x77665544 | 0x55114400",
        "prmt.b32 %r3, %r1, %r2, 0x888b;      | 0x80112233 | 0 | 0x000000ff",
        "lop3.b32 %r3, %r1, %r2, 15, 0x80;    | 0xff | 0x3c | 0x0c",
        "shf.l.wrap.b32 %r3, %r1, %r2, 8;     | 0x12345678 | 0x9abcdef0 | 0xbcdef012",
        "shf.r.clamp.b32 %r3, %r1, %r2, 32;   | 0x12345678 | 0x9abcdef0 | 0x9abcdef0",
        "popc.b32 %r3, %r1;                   | 0xf0f0 | 0 | 8",
        "clz.b32 %r3, %r1;                    | 1 | 0 | 31",
        "dp4a.s32.s32 %r3, %r1, %r2, 100;     | 0xff02fe01 | 0x01020304 | 101",
        "dp4a.u32.s32 %r3, %r1, %r2, 0;       | 0xff000000 | 0x80000000 | -32640",
        "cvt.s32.s8 %r3, %r1;                 | 0x1ff | 0 | -1",
        "cvt.u32.u8 %r3, %r1;                 | 0x1ff | 0 | 255",
        "cvt.sat.s8.s32 %h1, %r1; cvt.s32.s16 %r3, %h1; | 300 | 0 | 127",
        "cvt.s8.s32 %h1, %r1; cvt.u32.u16 %r3, %h1;     | 255 | 0 | 0xffff",
        "cvt.pack.sat.s8.s32.b32 %r3, %r1, %r2, 3;      | 300 | -300 | 0x37f80",
        "cvt.rni.s32.f32 %r3, %f1;            | 2.5 | 0 | 2",
        "cvt.rzi.s32.f32 %r3, %f1;            | -2.9 | 0 | -2",
        "cvt.rni.s32.f32 %r3, %f1;            | 3.0e9 | 0 | 0x7fffffff",
        "cvt.rn.f32.u32 %f3, %r1; mov.b32 %r3, %f3;     | -1 | 0 | 4294967296.0",
        "cvt.rn.f16.f32 %h1, %f1; cvt.u32.u16 %r3, %h1; | 1.0 | 0 | 0x3c00",
        "cvt.rn.bf16x2.f32 %r3, %f1, %f2;     | 1.0 | -2.0 | 0x3f80c000",
        "cvt.rn.f16x2.f32 %r3, %f1, %f2;      | 1.0 | -2.0 | 0x3c00c000",
        "fma.rn.f16x2 %r3, %r1, %r2, %r1;     | 0x40003c00 | 0x40003c00 | 0x46004000",
        "add.rn.bf16x2 %r3, %r1, %r1;         | 0x3f803f80 | 0 | 0x40004000",
        "fma.rn.f32 %f3, %f1, %f2, %f1; mov.b32 %r3, %f3;   | 3.0 | 4.0 | 15.0",
        "max.f32 %f3, %f1, %f2; mov.b32 %r3, %f3;           | 0x7fc00000 | 4.0 | 4.0",
        "ex2.approx.f32 %f3, %f1; mov.b32 %r3, %f3;         | 3.0 | 0 | 8.0",
        "mul.ftz.f32 %f3, %f1, %f2; mov.b32 %r3, %f3;       | 1.0e-38 | 0.5 | 0.0",
        "add.sat.f32 %f3, %f1, %f2; mov.b32 %r3, %f3;       | 3.0 | 4.0 | 1.0",
        "setp.ltu.f32 %p1, %f1, %f2; selp.b32 %r3, 1, 0, %p1; | 0x7fc00000 | 0.0 | 1",
        "setp.lt.f32 %p1, %f1, %f2; selp.b32 %r3, 1, 0, %p1;  | 0x7fc00000 | 0.0 | 0",
        "setp.lt.u32 %p1, %r1, %r2; selp.b32 %r3, 1, 0, %p1;  | -1 | 0 | 0",
        "mov.b64 %d2, {%r1, %r2}; shr.u64 %d2, %d2, 16; cvt.u32.u64 %r3, %d2; | 0x12345678 | 0x9abc | 0x9abc1234",
        "mul.wide.s32 %d2, %r1, %r2; mov.b64 {%r4, %r3}, %d2; | -1 | 2 | -1",
        "mad.wide.u32 %d2, %r1, %r2, 1; mov.b64 {%r3, %r4}, %d2; | -1 | 2 | -1",
        "mov.b32 {%h1, %h2}, %r1; mov.b32 %r3, {%h2, %h1};  | 0x12345678 | 0 | 0x56781234",
        "{.reg .b32 t; add.s32 t, %r1, 1; mov.b32 %r3, t;}  | 41 | 0 | 42",
      })
  void computes(String body, String a, String b, String expected) {
    assertEquals(
        Integer.toHexString(parse(expected)),
        Integer.toHexString(run(body, parse(a), parse(b))),
        body);
  }

  @Test
  void approximationsAreNearAndNotExact() {
    float third =
        Float.intBitsToFloat(run("rcp.approx.f32 %f3, %f1; mov.b32 %r3, %f3;", parse("3.0"), 0));
    assertEquals(1 / 3f, third, 1e-7f);
    boolean off = false;
    for (int i = 1; i < 20; i++) {
      int bits = parse(i + ".7");
      int root = run("rsqrt.approx.f32 %f3, %f1; mov.b32 %r3, %f3;", bits, 0);
      float exact = (float) (1 / Math.sqrt(Float.intBitsToFloat(bits)));
      assertEquals(exact, Float.intBitsToFloat(root), Math.ulp(exact));
      off |= exact != Float.intBitsToFloat(root);
    }
    assertTrue(off, "tests must not rely on the last bit");
  }

  @ParameterizedTest
  @CsvSource({
    // mode, b, c, lane, expected source
    "bfly, 1, 31, 6, 7",
    "down, 4, 31, 30, 30",
    "down, 4, 31, 3, 7",
    "up, 2, 0, 1, 1",
    "up, 2, 0, 9, 7",
    "idx, 5, 31, 20, 5",
    "idx, 5, 0x181f, 20, 21",
  })
  void shuffles(String mode, int b, String c, int lane, int expected) {
    var machine =
        new PtxMachine(
            TestPtx.kernel(
                "k",
                ".u64 out",
                """
                ld.param.u64 %%d1, [out];
                mov.u32 %%r1, %%laneid;
                mul.wide.u32 %%d2, %%r1, 4;
                add.s64 %%d1, %%d1, %%d2;
                shfl.sync.%s.b32 %%r2|%%p1, %%r1, %d, %s, -1;
                st.global.u32 [%%d1], %%r2;
                """
                    .formatted(mode, b, c)),
            Schedule.EAGER);
    long out = machine.allocate(128);
    machine.launch("k", 1, 1, 32, out);
    assertEquals(expected, machine.ints(out, 32)[lane]);
  }
}
