package io.solebox.engine.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who holds how much of one device's memory: loads enter what they take before they take it, so
 * that no two of them count on the same bytes. Safe for many threads.
 */
public final class MemoryLedger {
  private final String device;
  private final long capacityBytes;
  private final List<Holding> holdings = new ArrayList<>(); // guarded by this

  /**
   * @param device as in {@code cuda:1}
   * @param capacityBytes what all models together may take
   */
  public MemoryLedger(String device, long capacityBytes) {
    this.device = device;
    this.capacityBytes = capacityBytes;
  }

  public String device() {
    return device;
  }

  public long capacityBytes() {
    return capacityBytes;
  }

  /** What nobody holds; never negative. */
  public synchronized long freeBytes() {
    long held = holdings.stream().mapToLong(h -> h.use().total()).sum();
    return Math.max(0, capacityBytes - held);
  }

  /** In the order in which they were entered. */
  public synchronized List<Holding> holdings() {
    return List.copyOf(holdings);
  }

  /**
   * Enters a holding, until it is closed.
   *
   * @param owner for people: the model
   * @return empty, and nothing is entered, where less is free
   */
  public synchronized Optional<Holding> reserve(String owner, MemoryUse use) {
    if (use.total() > freeBytes()) {
      return Optional.empty();
    }
    var holding = new Holding(owner, use);
    holdings.add(holding);
    return Optional.of(holding);
  }

  private synchronized void release(Holding holding) {
    holdings.removeIf(h -> h == holding); // each is another, though two may be alike
  }

  /** What one owner holds of the device. */
  public final class Holding implements AutoCloseable {
    private final String owner;
    private final MemoryUse use;

    private Holding(String owner, MemoryUse use) {
      this.owner = owner;
      this.use = use;
    }

    /** As {@link MemoryLedger#device}. */
    public String device() {
      return device;
    }

    public String owner() {
      return owner;
    }

    public MemoryUse use() {
      return use;
    }

    public MemoryLedger ledger() {
      return MemoryLedger.this;
    }

    /** The memory is free again. */
    @Override
    public void close() {
      release(this);
    }
  }
}
