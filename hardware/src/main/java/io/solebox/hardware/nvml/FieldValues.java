package io.solebox.hardware.nvml;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Values that NVML has by number: {@code nvmlFieldValue_t}, 40 bytes. */
final class FieldValues {
  static final int MEMORY_TEMPERATURE = 82;
  static final int POWER_AVERAGE = 185;
  static final int POWER_INSTANT = 186;

  private static final int BYTES = 40;
  private static final int TYPE = 24;
  private static final int CODE = 28;
  private static final int VALUE = 32;

  private final NvmlLibrary library;
  private final MemorySegment field = Arena.ofAuto().allocate(BYTES, 8);

  FieldValues(NvmlLibrary library) {
    this.library = library;
  }

  /** One field; it has a code of its own beside that of the call. */
  Outcome<Number> read(MemorySegment device, int id) {
    field.fill((byte) 0);
    field.set(JAVA_INT, 0, id);
    int called = library.call("nvmlDeviceGetFieldValues", device, 1, field);
    int code = called == NvmlCode.SUCCESS ? field.get(JAVA_INT, CODE) : called;
    return code == NvmlCode.SUCCESS ? number() : new Outcome.Refused<>(code, NvmlCode.words(code));
  }

  /** {@code nvmlValueType_t} says how it is written. */
  private Outcome<Number> number() {
    int type = field.get(JAVA_INT, TYPE);
    return switch (type) {
      case 0 -> new Outcome.Done<>(field.get(JAVA_DOUBLE, VALUE));
      case 1 -> new Outcome.Done<>(Integer.toUnsignedLong(field.get(JAVA_INT, VALUE)));
      case 2, 3, 4 -> new Outcome.Done<>(field.get(JAVA_LONG, VALUE));
      case 5 -> new Outcome.Done<>(field.get(JAVA_INT, VALUE));
      case 6 -> new Outcome.Done<>(Short.toUnsignedInt(field.get(JAVA_SHORT, VALUE)));
      default -> new Outcome.Refused<>(25, "NVML tells it in an unknown type, " + type);
    };
  }
}
