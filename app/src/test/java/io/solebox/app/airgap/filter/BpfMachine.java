package io.solebox.app.airgap.filter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Runs classic BPF as the kernel does, as far as filters of system calls go. */
final class BpfMachine {
  /** Of {@code struct seccomp_data}. */
  private static final int DATA_BYTES = 64;

  private BpfMachine() {}

  /** What the kernel asks about. */
  record Call(int architecture, int number, long... arguments) {
    private ByteBuffer data() {
      ByteBuffer data = ByteBuffer.allocate(DATA_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      data.putInt(number).putInt(architecture).putLong(0x7fff_0000_1000L);
      for (long argument : arguments) {
        data.putLong(argument);
      }
      return data;
    }
  }

  /**
   * @return the word for the kernel
   * @throws IllegalStateException where the kernel would not have taken the program
   */
  static int run(List<Instruction> program, Call call) {
    ByteBuffer data = call.data();
    int accumulator = 0;
    for (int at = 0; at < program.size(); at++) {
      Instruction now = program.get(at);
      switch (now.code()) {
        case Assembler.LOAD_WORD -> accumulator = load(data, now.k());
        case Assembler.AND -> accumulator &= now.k();
        case Assembler.JUMP_EQUAL -> at += jump(now, accumulator == now.k());
        case Assembler.JUMP_AT_LEAST ->
            at += jump(now, Integer.compareUnsigned(accumulator, now.k()) >= 0);
        case Assembler.JUMP_ANY_BIT -> at += jump(now, (accumulator & now.k()) != 0);
        case Assembler.RETURN -> {
          return now.k();
        }
        default -> throw new IllegalStateException("operation " + now.code());
      }
    }
    throw new IllegalStateException("the program does not end");
  }

  private static int load(ByteBuffer data, int offset) {
    if (offset % Integer.BYTES != 0) {
      throw new IllegalStateException("a word at " + offset);
    }
    return data.getInt(offset);
  }

  private static int jump(Instruction now, boolean holds) {
    return holds ? now.jumpTrue() : now.jumpFalse();
  }
}
