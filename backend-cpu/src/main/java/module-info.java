/** The CPU backend: thread team and kernels. Found through ServiceLoader, never named by others. */
module io.solebox.backend.cpu {
  requires io.solebox.engine;
  requires jdk.incubator.vector;

  provides io.solebox.engine.backend.BackendProvider with
      io.solebox.backend.cpu.CpuBackendProvider;
}
