/**
 * The CUDA backend: the driver API, kernels as PTX, and the plan that runs them. Needs nothing but
 * the driver's {@code libcuda.so.1}.
 */
module io.solebox.backend.cuda {
  requires io.solebox.engine;

  provides io.solebox.engine.backend.BackendProvider with
      io.solebox.backend.cuda.CudaBackendProvider;
}
