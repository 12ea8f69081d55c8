package io.solebox.backend.cuda.fake;

import java.nio.charset.StandardCharsets;

/** Small kernels in PTX, written here by hand. */
public final class TestPtx {
  private static final String HEADER = ".version 7.8\n.target sm_70\n.address_size 64\n";

  private TestPtx() {}

  /** As {@code cuModuleLoadDataEx} takes it. */
  public static byte[] image(String ptx) {
    return (ptx + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  /** A file with one kernel: {@code parameters} as {@code .u64 out, .u32 n}, registers included. */
  public static String kernel(String name, String parameters, String body) {
    return HEADER
        + ".visible .entry "
        + name
        + "("
        + parameters.replaceAll("(^|, *)\\.", "$1.param .")
        + ") {\n"
        + """
        .reg .pred %p<16>;
        .reg .b16 %h<32>;
        .reg .b32 %r<64>;
        .reg .f32 %f<64>;
        .reg .b64 %d<32>;
        """
        + body
        + "\nret;\n}\n";
  }

  /** {@code out[i] = x[i] * factor} for i below n. */
  public static String scale() {
    return kernel(
        "scale",
        ".u64 out, .u64 x, .f32 factor, .u32 n",
        """
        ld.param.u64 %d1, [out];
        ld.param.u64 %d2, [x];
        ld.param.f32 %f1, [factor];
        ld.param.u32 %r4, [n];
        mov.u32 %r1, %ctaid.x;
        mov.u32 %r2, %ntid.x;
        mov.u32 %r3, %tid.x;
        mad.lo.s32 %r1, %r1, %r2, %r3;
        setp.ge.s32 %p1, %r1, %r4;
        @%p1 bra $DONE;
        mul.wide.s32 %d3, %r1, 4;
        add.s64 %d1, %d1, %d3;
        add.s64 %d2, %d2, %d3;
        ld.global.f32 %f2, [%d2];
        mul.f32 %f2, %f2, %f1;
        st.global.f32 [%d1], %f2;
        $DONE:
        """);
  }
}
