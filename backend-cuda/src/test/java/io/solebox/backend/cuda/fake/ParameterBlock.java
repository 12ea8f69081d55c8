package io.solebox.backend.cuda.fake;

import io.solebox.backend.cuda.fake.PtxFile.Parameter;

/** A kernel's arguments as it reads them. */
final class ParameterBlock {
  private ParameterBlock() {}

  static byte[] of(Program program, Object... arguments) {
    if (arguments.length != program.parameters().size()) {
      throw new IllegalArgumentException(
          "%s takes %d arguments, not %d"
              .formatted(program.name(), program.parameters().size(), arguments.length));
    }
    byte[] block = new byte[program.parameterBytes()];
    for (int i = 0; i < arguments.length; i++) {
      Parameter p = program.parameters().get(i);
      long value =
          switch (arguments[i]) {
            case Long v when p.bytes() == Long.BYTES -> v;
            case Integer v when p.bytes() == Integer.BYTES -> v;
            case Float v when p.bytes() == Float.BYTES -> FloatOps.bits(v);
            default ->
                throw new IllegalArgumentException(
                    "argument %d of %s has %d bytes".formatted(i, program.name(), p.bytes()));
          };
      Memory.put(block, p.offset(), p.bytes(), value);
    }
    return block;
  }
}
