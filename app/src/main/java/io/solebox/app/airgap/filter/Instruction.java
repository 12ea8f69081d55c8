package io.solebox.app.airgap.filter;

/**
 * One instruction of classic BPF, as {@code struct sock_filter} has it.
 *
 * @param code operation, of which 16 bits count
 * @param jumpTrue instructions that are passed over where the condition holds, 0 to 255
 * @param jumpFalse the same where it does not
 * @param k the operand
 */
public record Instruction(int code, int jumpTrue, int jumpFalse, int k) {
  /** Of {@code struct sock_filter}. */
  public static final int BYTES = 8;
}
