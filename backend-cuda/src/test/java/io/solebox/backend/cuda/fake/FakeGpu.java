package io.solebox.backend.cuda.fake;

/**
 * The machine that a {@link FakeDriver} pretends to run on.
 *
 * @param computeCapability as in 80
 * @param cudaVersion of the driver, as in 12040
 * @param pageBytes of the host: pinned memory is aligned to it and no more
 */
public record FakeGpu(
    int computeCapability,
    int cudaVersion,
    int multiprocessors,
    long memoryBytes,
    int pageBytes,
    Schedule schedule) {
  private static final int CUDA_12_4 = 12_040;
  private static final int MULTIPROCESSORS = 80;
  private static final long MEMORY = 1L << 30;
  private static final int PAGE = 4096;

  public static FakeGpu volta() {
    return new FakeGpu(70, CUDA_12_4, MULTIPROCESSORS, MEMORY, PAGE, Schedule.EAGER);
  }

  public static FakeGpu ampere() {
    return new FakeGpu(80, CUDA_12_4, MULTIPROCESSORS, MEMORY, PAGE, Schedule.EAGER);
  }

  public static FakeGpu hopper() {
    return new FakeGpu(90, CUDA_12_4, MULTIPROCESSORS, MEMORY, PAGE, Schedule.EAGER);
  }

  public FakeGpu withComputeCapability(int other) {
    return new FakeGpu(other, cudaVersion, multiprocessors, memoryBytes, pageBytes, schedule);
  }

  public FakeGpu withCudaVersion(int other) {
    return new FakeGpu(computeCapability, other, multiprocessors, memoryBytes, pageBytes, schedule);
  }

  /** Fewer than a real one has, for what fills the whole of it. */
  public FakeGpu withMultiprocessors(int other) {
    return new FakeGpu(computeCapability, cudaVersion, other, memoryBytes, pageBytes, schedule);
  }

  public FakeGpu withMemory(long bytes) {
    return new FakeGpu(computeCapability, cudaVersion, multiprocessors, bytes, pageBytes, schedule);
  }

  public FakeGpu withPage(int bytes) {
    return new FakeGpu(
        computeCapability, cudaVersion, multiprocessors, memoryBytes, bytes, schedule);
  }

  public FakeGpu withSchedule(Schedule other) {
    return new FakeGpu(
        computeCapability, cudaVersion, multiprocessors, memoryBytes, pageBytes, other);
  }

  String name() {
    return "Fake GPU sm_" + computeCapability;
  }

  /** PTX that this driver can compile, as in 84. */
  int ptxVersion() {
    int minor = cudaVersion % 1000 / 10;
    return switch (cudaVersion / 1000) {
      case 11 -> 70 + minor;
      case 12 -> 80 + minor;
      case 13 -> 90 + minor;
      default -> 60;
    };
  }
}
