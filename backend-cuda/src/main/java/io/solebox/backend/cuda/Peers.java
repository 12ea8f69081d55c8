package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.PeerAccess;
import io.solebox.engine.error.SoleboxException;
import java.util.HashMap;
import java.util.Map;

/** The ways from one GPU to others: each is tried when it is first asked for, and then known. */
final class Peers {
  private final CudaThread gpu;
  private final Kernels kernels;
  private final Map<CudaThread, Known> known = new HashMap<>();

  /**
   * @param generation of the context of this GPU, and
   * @param peerGeneration of the other's, between which access was enabled
   */
  private record Known(PeerWay way, int generation, int peerGeneration) {}

  Peers(CudaThread gpu, Kernels kernels) {
    this.gpu = gpu;
    this.kernels = kernels;
  }

  CudaThread gpu() {
    return gpu;
  }

  Kernels kernels() {
    return kernels;
  }

  /**
   * How bytes get from here to another GPU. Where that is directly, this GPU is let into all memory
   * of the other when this returns, whatever contexts were lost before.
   *
   * @throws SoleboxException {@code DEVICE_UNAVAILABLE} where one of both is lost
   */
  synchronized PeerWay to(Peers other) {
    Known before = known.get(other.gpu);
    if (before == null) {
      return remember(other, PeerTrial.of(this, other));
    }
    boolean fresh =
        before.generation == gpu.generation() && before.peerGeneration == other.gpu.generation();
    if (!fresh && before.way instanceof PeerWay.Direct) {
      PeerAccess.enable(gpu, other.gpu);
    }
    return fresh ? before.way : remember(other, before.way);
  }

  private PeerWay remember(Peers other, PeerWay way) {
    known.put(other.gpu, new Known(way, gpu.generation(), other.gpu.generation()));
    return way;
  }
}
