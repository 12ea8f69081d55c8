package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.Lanes;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.BackendProvider;
import io.solebox.engine.backend.Sizing;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.memory.HostMemory;
import java.util.List;

/** The backend that is always there. */
public final class CpuBackendProvider implements BackendProvider {
  /** Below every accelerator, above the scalar reference. */
  private static final int SCORE = 10;

  /** Of the one probe and of what is opened after it: the library is loaded once. */
  private KernelChoice kernels;

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public Probe probe() {
    try {
      return usable();
    } catch (LinkageError e) {
      return new Probe.Unusable(
          "the module jdk.incubator.vector is missing (" + e.getMessage() + ")",
          "Start Java with --add-modules jdk.incubator.vector.");
    }
  }

  private synchronized KernelChoice kernels() {
    if (kernels == null) {
      kernels = KernelChoice.ofProperty();
    }
    return kernels;
  }

  private String describeKernels() {
    try {
      return kernels().describe();
    } catch (SoleboxException e) { // open() throws it
      return "native kernels: " + e.describe();
    }
  }

  private Probe usable() {
    // Respects the limits of a container, and those set by taskset.
    int threads = Runtime.getRuntime().availableProcessors();
    String processor = Machine.processorName();
    var device = new Device(0, processor, HostMemory.availableBytes());
    return new Probe.Usable(
        SCORE,
        List.of(device),
        List.of(
            processor,
            "%d-bit vectors, %d usable processors".formatted(Lanes.vectorBits(), threads),
            describeKernels()));
  }

  @Override
  public Backend open(Device device, Options options) {
    if (options.threads() < 1) {
      throw new IllegalArgumentException("threads: " + options.threads());
    }
    return new CpuBackend(options.threads(), kernels());
  }

  @Override
  public Sizing sizing(Options options) {
    return CpuSizing.of(kernels(), options.threads());
  }
}
