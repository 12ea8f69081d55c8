package io.solebox.backend.cuda.driver;

/** Those of {@code CUdevice_attribute} that Solebox asks for. */
public enum DeviceAttribute {
  CLOCK_KHZ(13),
  MULTIPROCESSORS(16),
  MEMORY_CLOCK_KHZ(36),
  MEMORY_BUS_BITS(37),
  L2_BYTES(38),
  COMPUTE_MAJOR(75),
  COMPUTE_MINOR(76),
  MAX_SHARED_BYTES_PER_MULTIPROCESSOR(81),
  MAX_SHARED_BYTES_PER_BLOCK(97);

  private final int number;

  DeviceAttribute(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
