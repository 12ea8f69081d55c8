package io.solebox.engine.api;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.BackendProvider;
import io.solebox.engine.backend.BackendProvider.Device;
import io.solebox.engine.backend.BackendProvider.Probe;
import io.solebox.engine.backend.Teaming;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.memory.MemoryLedger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds backends and opens what was asked for; never anything else. */
final class Devices {
  private record Candidate(BackendProvider provider, Probe probe) {
    int score() {
      return switch (probe) {
        case Probe.Usable u -> u.score();
        case Probe.Unusable _ -> Integer.MIN_VALUE;
      };
    }
  }

  /** Devices, and who opened them. */
  private record Opened(BackendProvider provider, List<OpenDevice> devices) {}

  private Devices() {}

  private static List<Candidate> candidates() {
    var found = new ArrayList<Candidate>();
    for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
      found.add(new Candidate(provider, provider.probe()));
    }
    found.sort(Comparator.comparingInt(Candidate::score).reversed());
    return found;
  }

  static List<Engine.Found> probeAll() {
    var found = new ArrayList<Engine.Found>();
    for (Candidate c : candidates()) {
      boolean chosen = found.isEmpty() && c.score() >= 0; // the best is the first
      found.add(new Engine.Found(c.provider().name(), c.probe(), chosen));
    }
    return List.copyOf(found);
  }

  static Engine open(DeviceWish wish) {
    wish.check();
    requireThreads(wish.threads());
    Opened opened = openAll(wish);
    List<OpenDevice> devices = opened.devices();
    try {
      wish.requireSeveral(devices.size());
      return wish.gpuLayers().isPresent()
          ? behindCpu(wish, devices, wish.gpuLayers().getAsInt())
          : engine(wish, opened);
    } catch (RuntimeException | Error e) {
      devices.forEach(OpenDevice::close);
      throw e;
    }
  }

  /** Each by its whole name, to be tried. */
  static TriedDevices openToTry(String device, int threads) {
    DeviceWish wish = DeviceWish.of(device, threads);
    wish.check();
    requireThreads(threads);
    DeviceName name = DeviceName.of(device);
    Candidate candidate = choose(candidates(), name.backend());
    var opened = new ArrayList<OpenDevice>();
    try {
      for (Device each : named(device, name, usable(candidate, device))) {
        opened.add(openDevice(candidate, each, false, wish));
      }
      List<Backend> backends = opened.stream().map(OpenDevice::backend).toList();
      return new TriedDevices(
          opened,
          backends.size() > 1 ? candidate.provider().linkTrials(backends) : Optional.empty());
    } catch (RuntimeException | Error e) {
      opened.forEach(OpenDevice::close);
      throw e;
    }
  }

  private static Engine engine(DeviceWish wish, Opened opened) {
    List<OpenDevice> devices = opened.devices();
    OpenDevice first = devices.getFirst();
    if (devices.size() == 1) {
      return new LocalEngine(first.backend().describe(), devices, policy(devices, wish.shares()));
    }
    String all = describe(devices);
    Function<List<Backend>, Teaming> teams = opened.provider()::team;
    Split split = wish.shares().isEmpty() ? wish.split() : Split.LAYERS;
    return switch (split) {
      case AUTO -> new LocalEngine(all, devices, SplitChoice.of(devices, teams));
      case LAYERS ->
          new LocalEngine(all + ", split by layers", devices, policy(devices, wish.shares()));
      case TENSOR ->
          new LocalEngine(
              all + ", each layer split over all", devices, TensorSplit.of(devices, teams));
    };
  }

  /** All of a model on one device, or some of its layers on each of several. */
  static Placement.Policy policy(List<OpenDevice> devices, List<Integer> shares) {
    return devices.size() == 1
        ? (graph, _) -> Placement.whole(graph, devices.getFirst())
        : LayerSplit.of(devices, shares);
  }

  private static Engine behindCpu(DeviceWish wish, List<OpenDevice> devices, int layers) {
    if (devices.getFirst().isCpu()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "--gpu-layers",
          "There is no GPU to put layers on: --device " + wish.device() + " is the CPU.",
          "Leave --gpu-layers out; `solebox devices` says why a GPU is not used.");
    }
    Candidate cpu = choose(candidates(), OpenDevice.CPU);
    OpenDevice first =
        openDevice(cpu, usable(cpu, OpenDevice.CPU).devices().getFirst(), true, wish);
    var all = new ArrayList<>(List.of(first));
    all.addAll(devices);
    String description =
        "%d layers on %s, the others on %s"
            .formatted(layers, describe(devices), first.backend().describe());
    return new LocalEngine(
        description, all, LayerSplit.of(devices, wish.shares()).behind(first, layers));
  }

  private static String describe(List<OpenDevice> devices) {
    return devices.size() == 1
        ? devices.getFirst().backend().describe()
        : devices.stream().map(OpenDevice::describe).collect(Collectors.joining(", "));
  }

  private static void requireThreads(int threads) {
    if (threads < 1 || threads > Engine.MAX_THREADS) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "threads",
          "are " + threads + ", but must be 1 to " + Engine.MAX_THREADS + ".",
          "Leave --threads out: one thread per core is the fastest.");
    }
  }

  private static Opened openAll(DeviceWish wish) {
    DeviceName name = DeviceName.of(wish.device());
    Candidate candidate = choose(candidates(), name.backend());
    Probe.Usable usable = usable(candidate, wish.device());
    boolean only = usable.devices().size() == 1;
    var opened = new ArrayList<OpenDevice>();
    try {
      for (Device device : named(wish.device(), name, usable)) {
        opened.add(openDevice(candidate, device, only, wish));
      }
      return new Opened(candidate.provider(), List.copyOf(opened));
    } catch (RuntimeException | Error e) {
      opened.forEach(OpenDevice::close);
      throw e;
    }
  }

  private static OpenDevice openDevice(
      Candidate candidate, Device device, boolean only, DeviceWish wish) {
    BackendProvider provider = candidate.provider();
    String name = only ? provider.name() : provider.name() + ":" + device.index();
    var memory = new MemoryLedger(name, Math.min(wish.memoryBytes(), device.memoryBytes()));
    var options = new BackendProvider.Options(wish.threads());
    return new OpenDevice(name, provider.open(device, options), memory);
  }

  private static Probe.Usable usable(Candidate candidate, String asked) {
    return switch (candidate.probe()) {
      case Probe.Unusable(var reason, var remedy) -> throw unavailable(asked, reason, remedy);
      case Probe.Usable usable -> usable;
    };
  }

  private static List<Device> named(String asked, DeviceName name, Probe.Usable usable) {
    return switch (name.which()) {
      case DeviceName.Which.One(var index) -> List.of(device(asked, index, usable));
      case DeviceName.Which.Several(var indices) ->
          indices.stream().map(index -> oneOfSeveral(asked, index, usable)).toList();
      case DeviceName.Which.All _ -> usable.devices();
    };
  }

  /** Of a list that a person wrote, who wrote it wrongly. */
  private static Device oneOfSeveral(String asked, int index, Probe.Usable usable) {
    return usable.devices().stream()
        .filter(d -> d.index() == index)
        .findFirst()
        .orElseThrow(
            () ->
                DeviceName.refused(
                    asked,
                    "There is no device %d that can be used; there are: %s."
                        .formatted(
                            index,
                            usable.devices().stream()
                                .map(d -> Integer.toString(d.index()))
                                .collect(Collectors.joining(", "))),
                    "`solebox devices` lists them, and says why others are not used."));
  }

  private static Candidate choose(List<Candidate> candidates, String name) {
    Optional<Candidate> match =
        name.equals("auto")
            ? candidates.stream().filter(c -> c.score() >= 0).findFirst()
            : candidates.stream().filter(c -> c.provider().name().equals(name)).findFirst();
    return match.orElseThrow(() -> unavailable(name, unknown(name), known(candidates)));
  }

  private static String unknown(String name) {
    return name.equals("auto")
        ? "No backend can be used on this machine."
        : "There is no backend of that name.";
  }

  private static String known(List<Candidate> candidates) {
    List<String> names = candidates.stream().map(c -> c.provider().name()).toList();
    return "Use --device " + String.join(" or ", names) + "; `solebox devices` says more.";
  }

  private static Device device(String asked, String index, Probe.Usable usable) {
    return usable.devices().stream()
        .filter(d -> Integer.toString(d.index()).equals(index))
        .findFirst()
        .orElseThrow(
            () ->
                unavailable(
                    asked,
                    "There are %d devices, numbered from 0.".formatted(usable.devices().size()),
                    "`solebox devices` lists them."));
  }

  private static SoleboxException unavailable(String device, String reason, String remedy) {
    return new SoleboxException(ErrorCode.DEVICE_UNAVAILABLE, "--device " + device, reason, remedy);
  }
}
