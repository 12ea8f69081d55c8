package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.Kernel;
import io.solebox.backend.cuda.driver.Module;
import io.solebox.backend.cuda.driver.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The kernels of one GPU, compiled by the driver when first asked for. Shared by all plans there;
 * touched by the GPU's thread alone.
 */
final class Kernels implements AutoCloseable {
  private final CudaThread gpu;
  private final Target target;
  private final Map<String, Module> modules = new HashMap<>();
  private final Map<String, Kernel> kernels = new HashMap<>();
  private int generation;
  private int modulesLoaded;
  private long loadNanos;

  Kernels(CudaThread gpu) {
    this.gpu = gpu;
    this.target = Target.of(gpu.info());
    this.generation = gpu.generation();
  }

  Target target() {
    return target;
  }

  int multiprocessors() {
    return gpu.info().multiprocessors();
  }

  /**
   * @throws io.solebox.engine.error.SoleboxException with the compiler's log when the driver
   *     refuses
   */
  Kernel get(String module, String entry) {
    if (generation != gpu.generation()) { // the context that held them is gone
      generation = gpu.generation();
      modules.clear();
      kernels.clear();
    }
    Kernel known = kernels.get(entry);
    if (known == null) {
      known = modules.computeIfAbsent(module, this::load).kernel(entry);
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
    long start = System.nanoTime();
    Module loaded = Module.load(gpu, target.directory() + "/" + module + ".ptx", ptx(module));
    modulesLoaded++;
    loadNanos += System.nanoTime() - start;
    return loaded;
  }

  private String ptx(String module) {
    String path = "ptx/" + target.directory() + "/" + module + ".ptx";
    try (InputStream in = Kernels.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("no " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    modules.values().forEach(Module::close);
  }
}
