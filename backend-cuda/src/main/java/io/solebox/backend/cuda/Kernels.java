package io.solebox.backend.cuda;

import io.solebox.backend.cuda.KernelFiles.Image;
import io.solebox.backend.cuda.driver.CudaFailure;
import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.Kernel;
import io.solebox.backend.cuda.driver.Module;
import io.solebox.backend.cuda.driver.Target;
import io.solebox.engine.error.SoleboxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The kernels of one GPU, compiled by the driver when first asked for. Shared by all plans there;
 * touched by the GPU's thread alone.
 */
final class Kernels implements AutoCloseable {
  /** From here on the driver captures launches that overlap the end of the kernel before them. */
  private static final int EARLY_LAUNCH_CUDA = 12_030;

  private final CudaThread gpu;
  private final Switches switches;
  private final Target target;
  private final KernelFiles files;
  private final Map<String, Module> modules = new HashMap<>();
  private final Map<String, Kernel> kernels = new HashMap<>();
  private final Set<String> notes = new TreeSet<>();
  private int generation;
  private int modulesLoaded;
  private long loadNanos;

  Kernels(CudaThread gpu, Switches switches) {
    this.gpu = gpu;
    this.switches = switches;
    this.target = Target.of(gpu.info());
    this.files = new KernelFiles(target, switches);
    this.generation = gpu.generation();
  }

  Target target() {
    return target;
  }

  /** Whether a kernel may start before the one ahead of it has ended. */
  boolean overlap() {
    return switches.early()
        && target == Target.SM_90
        && gpu.info().cudaVersion() >= EARLY_LAUNCH_CUDA;
  }

  int multiprocessors() {
    return gpu.info().multiprocessors();
  }

  Switches switches() {
    return switches;
  }

  /** What is not as usual with these kernels, a line each. */
  List<String> notes() {
    return Stream.concat(switches.notes().stream(), notes.stream()).toList();
  }

  /**
   * @throws SoleboxException with the compiler's log when the driver refuses
   */
  Kernel get(String module, String entry) {
    if (generation != gpu.generation()) { // the context that held them is gone
      generation = gpu.generation();
      modules.clear();
      kernels.clear();
    }
    Kernel known = kernels.get(entry);
    if (known == null) {
      // A driver may put the compiler off until a kernel is asked for, so both count.
      long start = System.nanoTime();
      known = modules.computeIfAbsent(module, this::load).kernel(entry);
      loadNanos += System.nanoTime() - start;
      kernels.put(entry, known);
    }
    return known;
  }

  /** Modules loaded so far, over all contexts, and how long the driver took for them. */
  Loaded loaded() {
    return new Loaded(modulesLoaded, loadNanos);
  }

  record Loaded(int modules, long nanos) {}

  private Module load(String module) {
    Optional<Image> replacement = files.replacement(module);
    Module loaded = replacement.map(this::load).orElseGet(() -> builtIn(module));
    replacement.ifPresent(r -> notes.add("module " + module + " is that of " + r.name() + "."));
    modulesLoaded++;
    return loaded;
  }

  private Module load(Image image) {
    return Module.load(gpu, image.name(), image.bytes());
  }

  private Module builtIn(String module) {
    try {
      return load(files.ptx(module));
    } catch (SoleboxException e) {
      Image cubin =
          CudaFailure.behind(e)
              .filter(CudaFailure::isOfTheCompiler)
              .flatMap(_ -> files.cubin(module, gpu.info().computeCapability()))
              .orElseThrow(() -> e);
      Module loaded = load(cubin);
      notes.add("the driver compiles no PTX, so cubins are used: " + e.getMessage());
      return loaded;
    }
  }

  @Override
  public void close() {
    modules.values().forEach(Module::close);
  }
}
