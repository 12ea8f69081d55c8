package io.solebox.backend.cuda.fake;

/**
 * One launch.
 *
 * @param dynamicSharedBytes beside the kernel's static shared memory
 * @param parameters the parameter block
 */
record Launch(
    Program program,
    int gridX,
    int gridY,
    int gridZ,
    int threadsX,
    int threadsY,
    int threadsZ,
    int dynamicSharedBytes,
    byte[] parameters) {

  int threads() {
    return threadsX * threadsY * threadsZ;
  }

  int warps() {
    return (threads() + Registers.LANES - 1) / Registers.LANES;
  }

  long blocks() {
    return (long) gridX * gridY * gridZ;
  }
}
