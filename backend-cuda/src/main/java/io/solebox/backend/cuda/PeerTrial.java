package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.PeerAccess;
import io.solebox.engine.backend.LinkFigures;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds out how bytes get from one GPU to another. What a driver says of peer access is not
 * believed: behind some switches and IOMMUs it says yes, every call succeeds, and bytes are lost.
 * So a pattern goes over, by copies and by kernels, there and back.
 */
final class PeerTrial {
  /** Of the pattern. */
  private static final int PATTERN_BYTES = 64 << 10;

  /** Much beside what it takes to begin a copy, little beside a model. */
  private static final int LARGE_BYTES = 8 << 20;

  private static final int SMALL_BYTES = 64;
  private static final int REPETITIONS = 5;

  private final PeerEnd from;
  private final PeerEnd to;

  private PeerTrial(PeerEnd from, PeerEnd to) {
    this.from = from;
    this.to = to;
  }

  /** Tries the way, and measures the one that is then taken. On no GPU's thread. */
  static PeerWay of(Peers from, Peers to) {
    try (var sender = PeerEnd.open(from.gpu(), from.kernels(), LARGE_BYTES);
        var receiver = PeerEnd.open(to.gpu(), to.kernels(), LARGE_BYTES)) {
      return new PeerTrial(sender, receiver).way();
    } catch (SoleboxException e) {
      if (e.code() == ErrorCode.OUT_OF_MEMORY) {
        return new PeerWay.ThroughHost("there was no room to try it directly", Optional.empty());
      }
      throw e;
    }
  }

  private PeerWay way() {
    Optional<String> refusal = refusal();
    if (refusal.isEmpty()) {
      return new PeerWay.Direct(measure(bytes -> from.send(to, bytes)));
    }
    Optional<LinkFigures> figures =
        lost() ? Optional.empty() : Optional.of(measure(n -> from.sendThroughHost(to, n)));
    return new PeerWay.ThroughHost(refusal.get(), figures);
  }

  private boolean lost() {
    return from.gpu.lost() || to.gpu.lost();
  }

  /** Why not directly. */
  private Optional<String> refusal() {
    try {
      if (!PeerAccess.allowed(from.gpu, to.gpu)) {
        return Optional.of(
            "the driver does not let %s into the memory of %s"
                .formatted(from.gpu.place(), to.gpu.place()));
      }
      PeerAccess.enable(from.gpu, to.gpu);
    } catch (SoleboxException e) {
      if (lost()) {
        throw e;
      }
      return Optional.of("the driver refuses it: " + withoutEnd(e.getMessage()));
    }
    return tried()
        .map(
            what ->
                "%s, though the driver lets %s into the memory of %s"
                    .formatted(what, from.gpu.place(), to.gpu.place()));
  }

  /** What happens when it is used, if that is not as it should be. */
  private Optional<String> tried() {
    try {
      Optional<String> missing = missing();
      if (missing.isPresent()) {
        PeerAccess.disable(from.gpu, to.gpu); // or the driver would copy like that by itself
      }
      return missing.map(what -> what + " do not arrive");
    } catch (SoleboxException e) {
      if (!lost()) {
        throw e;
      }
      return Optional.of("a try failed"); // who uses the GPU next sets it up anew
    }
  }

  private static String withoutEnd(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }

  /** What is lost on the way, if anything. */
  private Optional<String> missing() {
    from.write(from.data.address(), PATTERN_BYTES);
    byte[] pattern = from.content(PATTERN_BYTES);
    byte[] sums = from.read(from.data.address(), PATTERN_BYTES);
    to.clear();
    from.write(to.data.address(), PATTERN_BYTES);
    if (!Arrays.equals(pattern, to.content(PATTERN_BYTES))) {
      return Optional.of("bytes that its kernels write");
    }
    if (!Arrays.equals(sums, from.read(to.data.address(), PATTERN_BYTES))) {
      return Optional.of("bytes that its kernels read");
    }
    to.clear();
    from.send(to, PATTERN_BYTES);
    if (!Arrays.equals(pattern, to.content(PATTERN_BYTES))) {
      return Optional.of("bytes that it copies there");
    }
    from.clear();
    from.fetch(to, PATTERN_BYTES);
    return Arrays.equals(pattern, from.content(PATTERN_BYTES))
        ? Optional.empty()
        : Optional.of("bytes that it copies from there");
  }

  /** One way of sending, which returns when everything is there. */
  private interface Send {
    void send(long bytes);
  }

  /** The best of several. */
  private static LinkFigures measure(Send way) {
    double latency = seconds(way, SMALL_BYTES);
    double large = Math.max(seconds(way, LARGE_BYTES) - latency, Double.MIN_NORMAL);
    return new LinkFigures(LARGE_BYTES / large, latency, LinkFigures.Origin.MEASURED);
  }

  private static double seconds(Send way, long bytes) {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < REPETITIONS; i++) {
      long begin = System.nanoTime();
      way.send(bytes);
      best = Math.min(best, (System.nanoTime() - begin) / 1e9);
    }
    return best;
  }
}
