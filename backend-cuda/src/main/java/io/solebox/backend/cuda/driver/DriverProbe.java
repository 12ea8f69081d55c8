package io.solebox.backend.cuda.driver;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Looks for GPUs that can be used, and says why there are none. Makes no context. */
public final class DriverProbe {
  private DriverProbe() {}

  /**
   * @param usable in the driver's order
   * @param refusals of the GPUs that are there but cannot be used
   */
  public record Found(CudaDriver driver, List<GpuInfo> usable, List<SoleboxException> refusals) {
    /**
     * Those of the other usable GPUs whose memory the driver would let {@code gpu} into; what then
     * comes of it nobody has tried.
     */
    public List<GpuInfo> peers(GpuInfo gpu) {
      return usable.stream()
          .filter(other -> other.ordinal() != gpu.ordinal())
          .filter(other -> driver.peers().canAccess(gpu.device(), other.device()))
          .toList();
    }
  }

  /**
   * @param library finds the driver's library, as {@link CudaDriver#systemLibrary}
   * @throws SoleboxException {@code DEVICE_UNAVAILABLE} with reason and remedy when no GPU is
   *     usable
   */
  public static Found look(Supplier<SymbolLookup> library) {
    var driver = new CudaDriver(library.get());
    driver.devices().init();
    int count = driver.devices().count();
    var usable = new ArrayList<GpuInfo>();
    var refusals = new ArrayList<SoleboxException>();
    for (int i = 0; i < count; i++) {
      try {
        GpuInfo gpu = GpuInfo.of(driver, i);
        Target.of(gpu);
        usable.add(gpu);
      } catch (SoleboxException e) {
        refusals.add(e);
      }
    }
    if (usable.isEmpty()) {
      throw refusals.isEmpty() ? noDevice() : refusals.getFirst();
    }
    return new Found(driver, List.copyOf(usable), List.copyOf(refusals));
  }

  private static SoleboxException noDevice() {
    return new SoleboxException(
        ErrorCode.DEVICE_UNAVAILABLE,
        "",
        "The NVIDIA driver is there but finds no GPU.",
        "Check that nvidia-smi lists the card and that CUDA_VISIBLE_DEVICES does not hide it.");
  }
}
