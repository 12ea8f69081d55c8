package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaDriver;
import io.solebox.backend.cuda.driver.DriverProbe;
import io.solebox.backend.cuda.driver.GpuInfo;
import io.solebox.backend.cuda.driver.Target;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.BackendProvider;
import io.solebox.engine.backend.Sizing;
import io.solebox.engine.backend.Teaming;
import io.solebox.engine.backend.trial.LinkTrials;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** NVIDIA GPUs through the driver's {@code libcuda.so.1}. */
public final class CudaBackendProvider implements BackendProvider {
  /** Above the processor. */
  private static final int SCORE = 100;

  private static final String REMEDY = "Use --split layers.";

  private final Supplier<SymbolLookup> library;
  private final UnaryOperator<String> properties;

  /** On this machine's driver. */
  public CudaBackendProvider() {
    this(CudaDriver::systemLibrary);
  }

  /** On another driver, as the tests have one. */
  CudaBackendProvider(Supplier<SymbolLookup> library) {
    this(library, System::getProperty);
  }

  /** The same with other system properties, of which those that are not set are null. */
  CudaBackendProvider(Supplier<SymbolLookup> library, UnaryOperator<String> properties) {
    this.library = library;
    this.properties = properties;
  }

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public Probe probe() {
    try {
      DriverProbe.Found found = DriverProbe.look(library);
      var notes = new ArrayList<String>();
      for (GpuInfo gpu : found.usable()) {
        notes.add(note(gpu));
        notes.add(surroundings(gpu, SystemFiles.ofThisMachine()));
        if (found.usable().size() > 1) {
          notes.add(peers(gpu, found));
        }
      }
      found.refusals().forEach(refusal -> notes.add("not used: " + refusal.describe()));
      return new Probe.Usable(
          SCORE, found.usable().stream().map(CudaBackendProvider::device).toList(), notes);
    } catch (SoleboxException e) {
      return new Probe.Unusable(e.getMessage(), e.remedy());
    }
  }

  private static Device device(GpuInfo gpu) {
    return new Device(gpu.ordinal(), gpu.name(), gpu.memoryBytes());
  }

  private static String note(GpuInfo gpu) {
    return String.format(
        Locale.ROOT,
        "cuda:%d %s at %s, %,d MiB, %d multiprocessors, compute capability %s, kernels for %s",
        gpu.ordinal(),
        gpu.name(),
        gpu.pciBusId(),
        gpu.memoryBytes() >> 20,
        gpu.multiprocessors(),
        gpu.computeCapabilityText(),
        Target.of(gpu).directory());
  }

  /** A driver that does not answer that is no reason not to use its GPUs. */
  private static String peers(GpuInfo gpu, DriverProbe.Found found) {
    String reached;
    try {
      reached =
          found.peers(gpu).stream()
              .map(peer -> "cuda:" + peer.ordinal())
              .collect(Collectors.joining(", "));
    } catch (SoleboxException e) {
      return "cuda:%d: the driver does not say into the memory of which GPUs it would let it: %s"
          .formatted(gpu.ordinal(), e.getMessage());
    }
    return "cuda:%d %s"
        .formatted(
            gpu.ordinal(),
            reached.isEmpty()
                ? "is let into the memory of no other GPU; what it has for one goes through host"
                    + " memory"
                : "would be let into the memory of %s; whether bytes arrive there is tried at a load"
                    .formatted(reached));
  }

  /** What decides how fast it is, beside the card itself. */
  static String surroundings(GpuInfo gpu, SystemFiles files) {
    return String.format(
        Locale.ROOT,
        "cuda:%d driver %s (CUDA %s), at most %d MHz, memory at most %d MHz x %d bits, %s",
        gpu.ordinal(),
        files.driverVersion().orElse("of unknown version"),
        Target.cudaText(gpu.cudaVersion()),
        gpu.clockKhz() / 1000,
        gpu.memoryClockKhz() / 1000,
        gpu.memoryBusBits(),
        files.link(gpu.pciBusId()).orElse("unknown link"));
  }

  @Override
  public Backend open(Device device, Options options) {
    DriverProbe.Found found = DriverProbe.look(library);
    return new CudaBackend(found.driver(), find(found.usable(), device), Switches.of(properties));
  }

  @Override
  public Sizing sizing(Options options) {
    return new CudaSizing();
  }

  @Override
  public Teaming team(List<Backend> members) {
    List<CudaBackend> ranks = new ArrayList<>();
    for (Backend member : members) {
      if (member instanceof CudaBackend gpu) {
        ranks.add(gpu);
      }
    }
    if (ranks.size() < members.size()) {
      return new Teaming.Apart("Not all of the devices are GPUs of this driver.", REMEDY);
    }
    if (ranks.size() > SumRoom.MOST_RANKS) {
      return new Teaming.Apart(
          "%d GPUs are more than the %d that can compute one layer together."
              .formatted(ranks.size(), SumRoom.MOST_RANKS),
          "Name fewer of them, or use --split layers.");
    }
    return new Teaming.Together(
        new CudaTeam(ranks, new PeerReach(ranks.stream().map(CudaBackend::peers).toList())));
  }

  @Override
  public Optional<LinkTrials> linkTrials(List<Backend> devices) {
    List<CudaBackend> gpus = devices.stream().map(CudaBackend.class::cast).toList();
    return Optional.of(
        new CudaLinkTrials(
            gpus.stream().map(CudaBackend::cudaTrials).toList(),
            gpus.stream().map(CudaBackend::peers).toList()));
  }

  private static GpuInfo find(List<GpuInfo> gpus, Device device) {
    return gpus.stream()
        .filter(gpu -> gpu.ordinal() == device.index())
        .findFirst()
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.DEVICE_UNAVAILABLE,
                    "cuda:" + device.index(),
                    "This GPU is no longer there.",
                    "See what there is with: solebox devices"));
  }
}
