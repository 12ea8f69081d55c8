package io.solebox.backend.cuda.driver;

import io.solebox.engine.error.SoleboxException;

/**
 * What the driver does between two GPUs. Whether bytes then arrive is another question: a machine
 * may say yes and lose them.
 */
public final class PeerAccess {
  private PeerAccess() {}

  /**
   * Whether the driver would let kernels and copies of {@code gpu} into the memory of {@code peer}.
   * Needs no context.
   */
  public static boolean allowed(CudaThread gpu, CudaThread peer) {
    return isOne(gpu, peer)
        || gpu.driver().peers().canAccess(gpu.info().device(), peer.info().device());
  }

  /**
   * Lets kernels and copies of {@code gpu} into all memory of {@code peer}, for as long as the
   * contexts of both last. Doing it again changes nothing.
   *
   * @throws SoleboxException where the driver refuses
   */
  public static void enable(CudaThread gpu, CudaThread peer) {
    long context = peer.context();
    if (!isOne(gpu, peer)) {
      gpu.run(() -> gpu.driver().peers().enable(context));
    }
  }

  /** A GPU that was opened twice has one context and needs no access to itself. */
  private static boolean isOne(CudaThread gpu, CudaThread peer) {
    return gpu.info().device() == peer.info().device();
  }

  /** Ends what {@link #enable} did. */
  public static void disable(CudaThread gpu, CudaThread peer) {
    long context = peer.context();
    if (!isOne(gpu, peer)) {
      gpu.run(() -> gpu.driver().peers().disable(context));
    }
  }
}
