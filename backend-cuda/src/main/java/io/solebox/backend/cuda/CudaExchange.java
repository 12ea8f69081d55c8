package io.solebox.backend.cuda;

import io.solebox.backend.cuda.ExchangeTable.Target;
import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.engine.backend.Exchange;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Where kernels of several cards meet. What a rank has to say to another lies in that one's memory
 * where it reaches it, and else in the host's, once for all whom it does not reach.
 */
final class CudaExchange implements Exchange {
  /** The kernel was told to stop; greater ones name the rank that did not come. */
  private static final int STOPPED = 1;

  private static final int WAITED_FOR = 2;

  private final List<CudaThread> gpus;
  private final Reach reach;
  private final SumRoom room;
  private final long oneShotBytes;
  private final List<RankMemory> ranks = new ArrayList<>();
  private HostPlaces host;

  /** Which rank's kernels may write into whose memory. */
  interface Reach {
    boolean reaches(int from, int to);

    /** Makes it so, again where a context is new. */
    void open();
  }

  /**
   * @param gpus one for each rank
   * @param oneShotBytes sums of more go in two shots
   */
  CudaExchange(List<CudaThread> gpus, Reach reach, SumRoom room, long oneShotBytes) {
    this.gpus = List.copyOf(gpus);
    this.reach = reach;
    this.room = room;
    this.oneShotBytes = oneShotBytes;
    reach.open();
    host = newHost();
    try {
      for (int r = 0; r < gpus.size(); r++) {
        ranks.add(newRank(r));
      }
      begin();
    } catch (Throwable t) {
      close();
      throw t;
    }
  }

  private HostPlaces newHost() {
    return new HostPlaces(gpus.getFirst(), room, gpus.size(), throughHost().size());
  }

  private RankMemory newRank(int rank) {
    CudaThread gpu = gpus.get(rank);
    int writers = (int) others(rank).filter(w -> reach.reaches(w, rank)).count();
    return gpu.call(() -> new RankMemory(gpu, room, writers));
  }

  private IntStream others(int rank) {
    return IntStream.range(0, gpus.size()).filter(r -> r != rank);
  }

  /** Ranks that do not reach every other one. */
  private List<Integer> throughHost() {
    return IntStream.range(0, gpus.size())
        .filter(w -> others(w).anyMatch(r -> !reach.reaches(w, r)))
        .boxed()
        .toList();
  }

  private void begin() {
    host.begin();
    List<HostPlaces.Addresses> addresses = host.addresses(gpus);
    for (int r = 0; r < gpus.size(); r++) {
      ranks.get(r).begin(table(r, addresses.get(r)));
    }
  }

  private ExchangeTable table(int rank, HostPlaces.Addresses host) {
    List<Integer> publishing = throughHost();
    var targets = new ArrayList<Target>();
    var sources = new HashMap<Integer, Long>();
    for (int other : others(rank).toArray()) {
      if (reach.reaches(rank, other)) {
        targets.add(new Target(place(rank, other), other, other + 1));
      }
      sources.put(
          other,
          reach.reaches(other, rank) ? place(other, rank) : host.place(publishing.indexOf(other)));
    }
    int[] unreached = others(rank).filter(r -> !reach.reaches(rank, r)).toArray();
    if (unreached.length > 0) {
      long place = host.place(publishing.indexOf(rank));
      targets.add(new Target(place, unreached[0], unreached[unreached.length - 1] + 1));
    }
    var words = ranks.get(rank).words(host.stop(), host.verdict(rank));
    return new ExchangeTable(rank, gpus.size(), targets, Map.copyOf(sources), words);
  }

  /** In the memory of the reader. */
  private long place(int writer, int reader) {
    long before = others(reader).filter(w -> w < writer && reach.reaches(w, reader)).count();
    return ranks.get(reader).place((int) before);
  }

  @Override
  public void abort() {
    host.stop();
  }

  @Override
  public void renew() {
    for (CudaThread gpu : gpus) {
      if (gpu.lost()) {
        gpu.recover();
      }
    }
    reach.open();
    if (!host.intact()) {
      host.close();
      host = newHost();
    }
    for (int r = 0; r < ranks.size(); r++) {
      if (!ranks.get(r).intact()) { // those of the others have graphs that know their tables
        ranks.get(r).close();
        ranks.set(r, newRank(r));
      }
    }
    begin();
  }

  /** Of a rank. */
  Seat seat(int rank) {
    return new RankSeat(rank);
  }

  private final class RankSeat implements Seat {
    private final int rank;

    RankSeat(int rank) {
      this.rank = rank;
    }

    @Override
    public SumRoom room() {
      return room;
    }

    @Override
    public long table() {
      return ranks.get(rank).table();
    }

    @Override
    public boolean inOneShot(long bytes) {
      return bytes <= oneShotBytes;
    }

    @Override
    public void requireReady() {
      if (!host.intact() || !ranks.stream().allMatch(RankMemory::intact)) {
        DeviceMemory.info(gpus.get(rank)); // says so itself where it is this one that is lost
        throw new SoleboxException(
            ErrorCode.DEVICE_UNAVAILABLE,
            "",
            "One of the GPUs that compute this model together was set up anew after an error.",
            "Send the request again.");
      }
    }

    @Override
    public void requireSummed() {
      int verdict = host.verdict(rank);
      if (verdict != 0) {
        throw new SoleboxException(
            ErrorCode.DEVICE_UNAVAILABLE,
            place(gpus.get(rank)),
            verdict == STOPPED
                ? "Another GPU that computes this model together with it has failed."
                : "It waited in vain for %s, with which it computes this model."
                    .formatted(place(gpus.get(verdict - WAITED_FOR))),
            "Send the request again. If it happens again, use --split layers.");
      }
    }

    private static String place(CudaThread gpu) {
      return "cuda:" + gpu.info().ordinal();
    }
  }

  @Override
  public void close() {
    ranks.forEach(RankMemory::close);
    host.close();
  }
}
