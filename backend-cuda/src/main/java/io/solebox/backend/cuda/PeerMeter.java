package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.Event;
import io.solebox.backend.cuda.driver.PeerAccess;
import io.solebox.backend.cuda.driver.Stream;
import io.solebox.engine.backend.trial.PeerFigures;
import io.solebox.engine.backend.trial.PeerPair;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What two GPUs send each other, with peer access off, when the driver copies over memory of the
 * host, and with it on where that was tried and works. Not on a GPU's thread. Access is as it was
 * when it ends.
 */
final class PeerMeter implements AutoCloseable {
  /** Of a copy: long enough that its begin is nothing. */
  static final long USUAL_BYTES = 32L << 20;

  /** Copies between two looks, and how often they are timed. */
  private static final int COPIES = 8;

  private static final int ROWS = 3;
  private static final int SMALL_BYTES = 16;
  private static final int SMALL_COPIES = 100;

  private final End one;
  private final End other;
  private final long bytes;

  /** A GPU: what it sends, and where it gets what the other sends. */
  private static final class End {
    private final Peers peers;
    private final CudaThread gpu;
    private final DeviceMemory sent;
    private final DeviceMemory got;
    private final Stream stream;
    private final Event begin;
    private final Event end;

    End(Peers peers, Owned owned, long bytes) {
      this.peers = peers;
      gpu = peers.gpu();
      sent = owned.device(bytes);
      got = owned.device(bytes);
      stream = owned.stream();
      begin = owned.event();
      end = owned.event();
    }

    /** Returns before they are there. */
    void queue(End to, long bytes, int copies) {
      gpu.run(
          () -> {
            stream.record(begin);
            for (int i = 0; i < copies; i++) {
              stream.copy(gpu, sent.address(), to.gpu, to.got.address(), bytes);
            }
            stream.record(end);
          });
    }

    /** Seconds from the first to the last of those that were queued. */
    double await() {
      return gpu.call(
          () -> {
            stream.synchronize();
            return end.millisSince(begin) / 1e3;
          });
    }
  }

  private final Owned ownedOfOne;
  private final Owned ownedOfOther;

  /**
   * @throws io.solebox.engine.error.SoleboxException {@code OUT_OF_MEMORY} where a card has no room
   */
  PeerMeter(Peers one, Peers other, long wishedBytes) {
    bytes = Math.min(wishedBytes, Math.min(CopyMeter.room(one.gpu()), CopyMeter.room(other.gpu())));
    ownedOfOne = new Owned(one.gpu());
    ownedOfOther = new Owned(other.gpu());
    try {
      this.one = one.gpu().call(() -> new End(one, ownedOfOne, bytes));
      this.other = other.gpu().call(() -> new End(other, ownedOfOther, bytes));
    } catch (Throwable t) {
      close();
      throw t;
    }
  }

  /** Figures of both directions. */
  private record Both(PeerFigures there, PeerFigures back) {}

  /**
   * Both directions.
   *
   * @param from place of the first among all devices
   * @param to that of the other
   * @param stopped asked between measures
   * @return empty where it was stopped
   */
  List<PeerPair> pairs(int from, int to, BooleanSupplier stopped) {
    PeerWay there = one.peers.to(other.peers);
    PeerWay back = other.peers.to(one.peers);
    if (stopped.getAsBoolean()) {
      return List.of();
    }
    Both throughHost;
    try {
      disable(one, other, there);
      disable(other, one, back);
      throughHost = measure();
    } finally {
      enable(one, other, there);
      enable(other, one, back);
    }
    if (stopped.getAsBoolean()) {
      return List.of();
    }
    Both direct = isDirect(there) || isDirect(back) ? measure() : throughHost;
    return List.of(
        new PeerPair(from, to, direct(there, direct.there), throughHost.there),
        new PeerPair(to, from, direct(back, direct.back), throughHost.back));
  }

  private static boolean isDirect(PeerWay way) {
    return switch (way) {
      case PeerWay.Direct _ -> true;
      case PeerWay.ThroughHost _ -> false;
    };
  }

  private static void disable(End from, End to, PeerWay way) {
    if (isDirect(way)) {
      PeerAccess.disable(from.gpu, to.gpu);
    }
  }

  /** Peers know it as enabled. A lost GPU is set up anew by whoever uses it next. */
  private static void enable(End from, End to, PeerWay way) {
    if (isDirect(way) && !from.gpu.lost() && !to.gpu.lost()) {
      PeerAccess.enable(from.gpu, to.gpu);
    }
  }

  private static PeerPair.Direct direct(PeerWay way, PeerFigures figures) {
    return switch (way) {
      case PeerWay.Direct _ -> new PeerPair.Direct.Measured(figures);
      case PeerWay.ThroughHost(String reason, _) -> new PeerPair.Direct.Refused(reason);
    };
  }

  /** With access as it is. */
  private Both measure() {
    double together = bothWays();
    return new Both(figures(one, other, together), figures(other, one, together));
  }

  private PeerFigures figures(End from, End to, double together) {
    from.queue(to, SMALL_BYTES, SMALL_COPIES); // the first is not as the others
    from.await();
    from.queue(to, SMALL_BYTES, SMALL_COPIES);
    double latency = from.await() / SMALL_COPIES;
    double best = Double.MAX_VALUE;
    for (int row = 0; row < ROWS; row++) {
      from.queue(to, bytes, COPIES);
      best = Math.min(best, from.await());
    }
    return new PeerFigures((double) COPIES * bytes / best, together, latency);
  }

  /** Of each direction, until the slower one is done. */
  private double bothWays() {
    double best = Double.MAX_VALUE;
    for (int row = 0; row < ROWS; row++) {
      one.queue(other, bytes, COPIES);
      other.queue(one, bytes, COPIES);
      best = Math.min(best, Math.max(one.await(), other.await()));
    }
    return (double) COPIES * bytes / best;
  }

  @Override
  public void close() {
    ownedOfOther.close();
    ownedOfOne.close();
  }
}
