package io.solebox.engine.api;

import io.solebox.engine.backend.BackendProvider;
import io.solebox.engine.backend.BackendProvider.Device;
import io.solebox.engine.backend.BackendProvider.Probe;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.memory.MemoryLedger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Finds backends and opens the one that was asked for; never another one. */
final class Devices {
  private record Candidate(BackendProvider provider, Probe probe) {
    int score() {
      return switch (probe) {
        case Probe.Usable u -> u.score();
        case Probe.Unusable _ -> Integer.MIN_VALUE;
      };
    }
  }

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

  static Engine open(String device, int threads, long memoryBytes) {
    OpenDevice opened = openDevice(device, threads, memoryBytes);
    return new LocalEngine(
        opened.backend().describe(), List.of(opened), graph -> Placement.whole(graph, opened));
  }

  static Engine openSplit(String device, int threads, int layers, long memoryBytes) {
    OpenDevice last = openDevice(device, threads, memoryBytes);
    try {
      if (last.isCpu()) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            "--gpu-layers",
            "There is no GPU to put layers on: --device " + device + " is the CPU.",
            "Leave --gpu-layers out; `solebox devices` says why a GPU is not used.");
      }
      OpenDevice first = openDevice(OpenDevice.CPU, threads, memoryBytes);
      String description =
          "%d layers on %s, the others on %s"
              .formatted(layers, last.backend().describe(), first.backend().describe());
      return new LocalEngine(
          description, List.of(first, last), graph -> Placement.split(graph, first, last, layers));
    } catch (RuntimeException | Error e) {
      last.close();
      throw e;
    }
  }

  private static OpenDevice openDevice(String device, int threads, long memoryBytes) {
    if (threads < 1 || threads > Engine.MAX_THREADS) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "threads",
          "are " + threads + ", but must be 1 to " + Engine.MAX_THREADS + ".",
          "Leave --threads out: one thread per core is the fastest.");
    }
    String[] parts = device.split(":", 2);
    Candidate candidate = choose(parts[0]);
    return switch (candidate.probe()) {
      case Probe.Unusable(var reason, var remedy) -> throw unavailable(device, reason, remedy);
      case Probe.Usable usable -> {
        Device chosen = device(device, parts, usable);
        var options = new BackendProvider.Options(threads);
        BackendProvider provider = candidate.provider();
        boolean only = usable.devices().size() == 1;
        String name = only ? provider.name() : provider.name() + ":" + chosen.index();
        var memory = new MemoryLedger(name, Math.min(memoryBytes, chosen.memoryBytes()));
        yield new OpenDevice(provider.name(), provider.open(chosen, options), memory);
      }
    };
  }

  private static Candidate choose(String name) {
    List<Candidate> candidates = candidates();
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

  private static Device device(String asked, String[] parts, Probe.Usable usable) {
    String index = parts.length == 2 ? parts[1] : "0";
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
