package io.solebox.backend.cuda.driver;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.lang.foreign.SymbolLookup;

/**
 * The CUDA driver API: the functions that Solebox calls, bound by hand and grouped by what they
 * work on. Every return code is checked and thrown as an error with the call, the code's name and a
 * remedy. Where a function needs a context, it must be called on the {@link CudaThread} of the GPU.
 */
public final class CudaDriver {
  private static final String LIBRARY = "libcuda.so.1";

  private final DeviceCalls devices;
  private final MemoryCalls memory;
  private final StreamCalls streams;
  private final ModuleCalls modules;
  private final GraphCalls graphs;
  private final PeerCalls peers;

  /**
   * Binds the functions; calls none of them.
   *
   * @param library {@link #systemLibrary()}, or a stand-in
   * @throws SoleboxException {@code DEVICE_UNAVAILABLE} when the library is too old to have them
   */
  public CudaDriver(SymbolLookup library) {
    try {
      var texts = new ErrorTexts(library);
      devices = new DeviceCalls(library, texts);
      memory = new MemoryCalls(library, texts);
      streams = new StreamCalls(library, texts);
      modules = new ModuleCalls(library, texts);
      graphs = new GraphCalls(library, texts);
      peers = new PeerCalls(library, texts);
    } catch (MissingFunctionException e) {
      throw new SoleboxException(
          ErrorCode.DEVICE_UNAVAILABLE,
          LIBRARY,
          "The NVIDIA driver is too old: it has no function " + e.getMessage() + ".",
          "Update the NVIDIA driver to branch 520 or later.",
          e);
    }
  }

  /**
   * The driver's library on this machine. It stays loaded: unloading a driver is not safe.
   *
   * @throws SoleboxException {@code DEVICE_UNAVAILABLE} where there is none
   */
  public static SymbolLookup systemLibrary() {
    return DriverLibrary.ofThisMachine().open();
  }

  DeviceCalls devices() {
    return devices;
  }

  MemoryCalls memory() {
    return memory;
  }

  StreamCalls streams() {
    return streams;
  }

  ModuleCalls modules() {
    return modules;
  }

  GraphCalls graphs() {
    return graphs;
  }

  PeerCalls peers() {
    return peers;
  }
}
