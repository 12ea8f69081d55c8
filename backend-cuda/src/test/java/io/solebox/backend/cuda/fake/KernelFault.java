package io.solebox.backend.cuda.fake;

/** What a kernel did wrong, with kernel, block, thread and line of the PTX. */
public final class KernelFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What a driver would report. */
  public enum Kind {
    ILLEGAL_ADDRESS(700),
    MISALIGNED_ADDRESS(716),
    LAUNCH_FAILED(719);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** As {@code CUresult}. */
    public int code() {
      return code;
    }
  }

  private final Kind kind;

  KernelFault(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
