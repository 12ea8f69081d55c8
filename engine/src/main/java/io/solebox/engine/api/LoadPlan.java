package io.solebox.engine.api;

import io.solebox.engine.api.LoadEstimate.DeviceNeed;
import io.solebox.engine.api.Placement.Stage;
import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.KvPools;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.SequenceRoom;
import io.solebox.engine.cache.SequencePools;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.KeepGroup;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.engine.memory.MemoryUse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** What a load wishes of each device, and what it gets: one computation for all who ask. */
final class LoadPlan {
  private final Placement placement;
  private final Limits wished;
  private final OptionalLong copiedBytes;
  private final SpillOptions spill;
  private final MemoryLedger host;
  private final long spillBytes;
  private final Optional<HostSpill> beside; // a GPU's ledger is about its own memory
  private final Map<OpenDevice, Long> kept; // for the model that this one guesses for
  private final List<KeepGroup> groups;

  /**
   * @param wished of which each device's budget is its own
   * @param copiedBytes of a file that is read into memory as a whole; empty for one that is mapped
   * @param spill where what leaves the KV cache goes
   * @param host whose memory takes it, where no stage is there
   */
  LoadPlan(
      Placement placement,
      Limits wished,
      OptionalLong copiedBytes,
      SpillOptions spill,
      MemoryLedger host) {
    this(placement, wished, copiedBytes, spill, host, Map.of());
  }

  private LoadPlan(
      Placement placement,
      Limits wished,
      OptionalLong copiedBytes,
      SpillOptions spill,
      MemoryLedger host,
      Map<OpenDevice, Long> kept) {
    this.placement = placement;
    this.wished = wished;
    this.copiedBytes = copiedBytes;
    this.spill = spill;
    this.host = host;
    this.kept = kept;
    this.groups = placement.graph().groups();
    this.spillBytes = spillBytes(spill);
    boolean isBeside = spillBytes > 0 && onHost().isEmpty();
    this.beside = isBeside ? Optional.of(new HostSpill(host, spillBytes)) : Optional.empty();
  }

  /** The same for a draft model, which leaves to {@code other} the least that it needs. */
  LoadPlan beside(LoadPlan other) {
    var least = new HashMap<OpenDevice, Long>();
    for (Stage stage : other.placement.stages()) {
      Limits limits = other.limits(stage);
      MemoryUse use =
          KvPools.use(
              other.groups, other.estimate(stage, limits), limits, SequenceRoom.least(limits));
      least.merge(stage.device(), other.withSpill(stage, use).total(), Long::sum);
    }
    return new LoadPlan(placement, wished, copiedBytes, spill, host, least);
  }

  /** With what it can count on of a device. */
  private Limits limits(Stage stage) {
    return wished.withMemoryBudget(Math.max(0, free(stage) - spill(stage)));
  }

  private long free(Stage stage) {
    return Math.max(0, stage.device().freeBytes() - kept(stage));
  }

  /** Of what leaves the KV cache, bytes in the memory of a stage: of the first on the host. */
  private long spill(Stage stage) {
    return onHost().stream().anyMatch(first -> first == stage) ? spillBytes : 0;
  }

  private Optional<Stage> onHost() {
    return placement.stages().stream().filter(stage -> stage.device().isCpu()).findFirst();
  }

  private long spillBytes(SpillOptions spill) {
    long largest = placement.stages().stream().mapToLong(this::largestPlace).sum();
    return SequencePools.keepsPrefixes(placement.graph()) ? spill.hostBytes(largest) : 0;
  }

  /** Bytes of what leaves or comes back as one. */
  private long largestPlace(Stage stage) {
    Estimate estimate = estimate(stage, wished);
    return estimate.kvBytesPerBlock().stream().reduce(estimate.sequenceBytes(), Math::max);
  }

  private MemoryUse withSpill(Stage stage, MemoryUse use) {
    return use.plus(new MemoryUse(0, 0, spill(stage), 0));
  }

  private long kept(Stage stage) {
    return kept.getOrDefault(stage.device(), 0L);
  }

  LoadEstimate estimate() {
    var needs = new ArrayList<>(placement.stages().stream().map(this::need).toList());
    beside.ifPresent(host -> needs.add(host.need(wished.maxSequenceTokens())));
    return new LoadEstimate(
        wished.maxSequenceTokens(), wished.kvTokens(), needs, placement.notes());
  }

  private DeviceNeed need(Stage stage) {
    Limits limits = limits(stage);
    Estimate estimate = estimate(stage, limits);
    return new DeviceNeed(
        stage.device().name(),
        withSpill(stage, KvPools.use(groups, estimate, limits, SequenceRoom.wished(limits))),
        withSpill(stage, KvPools.use(groups, estimate, limits, SequenceRoom.least(limits))),
        longestContext(stage, limits),
        free(stage),
        stage.device().memory().capacityBytes());
  }

  private Estimate estimate(Stage stage, Limits limits) {
    Estimate estimate = stage.device().backend().estimate(stage.graph(), limits);
    return stage.device().isCpu() && copiedBytes.isPresent()
        ? estimate.withMappedBytes(copiedBytes.getAsLong())
        : estimate;
  }

  /**
   * Enters what it gets in the ledgers.
   *
   * @param owner for people: the model
   * @throws SoleboxException {@code OUT_OF_MEMORY} with the numbers, with who holds the memory, and
   *     with what would fit
   */
  Reserved reserve(String owner) {
    // All stages have the same blocks and slots, so the device with the least room decides.
    SequenceRoom room =
        placement.stages().stream().map(this::fitting).reduce(SequenceRoom::and).orElseThrow();
    Limits limits = wished.withRoom(room);
    var holdings = new ArrayList<MemoryLedger.Holding>();
    beside.ifPresent(HostSpill::requireRoom);
    for (Stage stage : placement.stages()) {
      MemoryUse use = KvPools.use(groups, estimate(stage, limits), limits, room);
      var holding = stage.device().memory().reserve(owner, withSpill(stage, use));
      if (holding.isEmpty()) {
        holdings.forEach(MemoryLedger.Holding::close);
        throw refuse(stage, "Another load took the memory at the same moment.", "Try again.");
      }
      holdings.add(holding.get());
    }
    beside.ifPresent(host -> holdings.add(host.reserve(owner, holdings)));
    return new Reserved(placement, limits, List.copyOf(holdings));
  }

  /**
   * @throws SoleboxException as {@link #reserve}, where there is no room now
   */
  void requireRoom() {
    beside.ifPresent(HostSpill::requireRoom);
    placement.stages().forEach(this::fitting);
  }

  private SequenceRoom fitting(Stage stage) {
    Limits limits = limits(stage);
    try {
      return KvPools.fitting(groups, estimate(stage, limits), limits);
    } catch (SoleboxException e) {
      String remedy =
          fewerModels(stage).or(() -> shorter(stage)).orElse(e.remedy())
              + (spill(stage) > 0 ? " Or use a smaller --kv-spill." : "");
      if (kept.isEmpty()) {
        throw refuse(stage, e.getMessage(), remedy + fewerLayers(stage) + placement.advice().get());
      }
      String message =
          "Beside the %s of the model it guesses for, there is no room for the draft model. %s"
              .formatted(MemoryUse.mib(kept(stage)), e.getMessage());
      throw refuse(stage, message, remedy + " Or leave out --draft.");
    }
  }

  private Optional<String> shorter(Stage stage) {
    long longest = longestContext(stage, limits(stage));
    return longest == 0
        ? Optional.empty()
        : Optional.of("Use --context " + longest + " or less, or a smaller --kv-type.");
  }

  /**
   * The longest sequence that would fit, at most the wished one; shorter ones take less scratch.
   */
  private long longestContext(Stage stage, Limits limits) {
    long fits = 0;
    long above = limits.maxSequenceTokens() + 1L;
    while (above - fits > 1) {
      long middle = (fits + above) >>> 1;
      Limits shorter = limits.withContext((int) middle);
      SequenceRoom room = SequenceRoom.least(shorter);
      MemoryUse least = KvPools.use(groups, estimate(stage, shorter), shorter, room);
      if (least.total() <= limits.memoryBudgetBytes()) {
        fits = middle;
      } else {
        above = middle;
      }
    }
    return fits;
  }

  /** What would fit if the other models were not there, where it is they who leave no room. */
  private Optional<String> fewerModels(Stage stage) {
    MemoryLedger memory = stage.device().memory();
    long free = memory.capacityBytes() - kept(stage) - spill(stage);
    Limits limits = wished.withMemoryBudget(Math.max(0, free));
    long alone = longestContext(stage, limits);
    return memory.holdings().isEmpty() || need(stage).fittingContext() > 0 || alone == 0
        ? Optional.empty()
        : Optional.of("Unload the others: without them there is room for --context " + alone + ".");
  }

  private static SoleboxException refuse(Stage stage, String message, String remedy) {
    return refuse(stage.device().memory(), stage.device().name(), message, remedy);
  }

  static SoleboxException refuse(MemoryLedger memory, String place, String message, String remedy) {
    String held =
        memory.holdings().stream()
            .map(h -> h.owner() + " (" + MemoryUse.mib(h.use().total()) + ")")
            .collect(Collectors.joining(", "));
    String others = held.isEmpty() ? "" : " Loaded on it: " + held + ".";
    return new SoleboxException(ErrorCode.OUT_OF_MEMORY, place, message + others, remedy);
  }

  /** How many layers of a model would fit that was to be on a GPU as a whole. */
  private String fewerLayers(Stage stage) {
    Graph graph = stage.graph();
    int layers = graph.boundaries().size();
    if (stage.device().isCpu() || placement.stages().size() > 1) {
      return "";
    }
    for (int n = layers - 1; n > 0; n--) {
      int layer = graph.boundaries().get(layers - n).layer();
      if (graph.canCutBefore(layer)) {
        var last = new Stage(stage.device(), graph.cutBefore(layer).second());
        if (need(last).fits()) {
          return " Or leave some layers to the CPU: --gpu-layers " + n + ".";
        }
      }
    }
    return "";
  }
}
