package io.solebox.backend.cpu;

/** A matrix product in C; a unit is a range of the weight's groups of rows, for all tokens. */
final class NativeLinearStep implements Step {
  /** With so few tokens the memory decides, and units are counted in bytes of weights. */
  static final int FEW_TOKENS = 8;

  /** Bytes of weights that a thread reads in tens of microseconds; half of it costs 3 to 8 %. */
  private static final long UNIT_BYTES = 512 << 10;

  /** Multiply-adds that a thread does in some hundred microseconds. */
  private static final long UNIT_WORK = 64 << 20;

  /** Units per thread that let all finish together. */
  private static final int UNITS_PER_THREAD = 4;

  private final String kind;
  private final NativeProduct product;
  private final Buffer x;
  private final Buffer out;
  private final int groupsOfFew;
  private final int share;
  private final long bytes;

  /**
   * @param bytes of the weights, as they lie in memory
   */
  NativeLinearStep(
      String kind, NativeProduct product, long bytes, Buffer x, Buffer out, int threads) {
    this.kind = kind;
    this.product = product;
    this.x = x;
    this.bytes = bytes;
    this.out = out;
    this.share = Math.max(1, product.groups() / (threads * UNITS_PER_THREAD));
    this.groupsOfFew = groups(UNIT_BYTES / Math.ceilDiv(bytes, product.groups()));
  }

  /** At least one, and no more than lets all threads have several units. */
  private int groups(long wished) {
    return Math.toIntExact(Math.clamp(wished, 1, share));
  }

  private int groupsPerUnit(int tokens) {
    return tokens <= FEW_TOKENS ? groupsOfFew : groups(UNIT_WORK / (product.groupWork() * tokens));
  }

  /** Of the weights. */
  long address() {
    return product.w();
  }

  @Override
  public String kind() {
    return kind;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public int units(Frame frame) {
    int tokens = x.rows(frame);
    return tokens == 0 ? 0 : Math.ceilDiv(product.groups(), groupsPerUnit(tokens));
  }

  @Override
  public void run(int unit, Frame frame, int worker) {
    int tokens = x.rows(frame);
    int from = unit * groupsPerUnit(tokens);
    int to = Math.min(product.groups(), from + groupsPerUnit(tokens));
    product.run(from, to, x.address(), tokens, out.address());
  }
}
