package io.solebox.app.session;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.BackendProvider.Probe;
import io.solebox.engine.memory.HostMemory;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.planner.measured.Measurement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What decides about speeds of a machine: where one of these is another one, what was measured is
 * void.
 *
 * @param processor its name
 * @param memoryBytes of it, as far as this process may have it
 * @param threads that compute where nobody says how many
 * @param kernel the build of Linux
 * @param kernels what the processor's backend found and chose
 * @param version of Solebox
 */
public record MeasuredMachine(
    String processor,
    long memoryBytes,
    int threads,
    String kernel,
    String kernels,
    String version) {
  /** Of the memory, which differs a little from boot to boot. */
  private static final double SAME_MEMORY = 0.02;

  private static final String CARDS = "cuda";
  private static final double GIB = 1L << 30;

  /** This one. */
  public static MeasuredMachine here() {
    List<Probe.Usable> processors = usable(true);
    return new MeasuredMachine(
        processors.stream()
            .flatMap(probe -> probe.devices().stream())
            .map(device -> device.description())
            .findFirst()
            .orElse("no processor that computes"),
        HostMemory.totalBytes(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.version"),
        processors.stream()
            .flatMap(probe -> probe.notes().stream())
            .collect(Collectors.joining("; ")),
        ownVersion());
  }

  private static String ownVersion() {
    var descriptor = MeasuredMachine.class.getModule().getDescriptor();
    return descriptor == null ? "development" : descriptor.rawVersion().orElse("development");
  }

  /** Names of cards as their drivers tell them, in the order in which devices are numbered. */
  public static List<String> cards() {
    return usable(false).stream()
        .flatMap(probe -> probe.devices().stream())
        .map(device -> device.description())
        .toList();
  }

  /**
   * What alone computes a model, as measurements name it; empty where several devices share it.
   *
   * @see Measurement#device
   */
  public static Optional<String> device(LoadedModel model) {
    return device(model.memory().stream().map(MemoryLedger.Holding::device));
  }

  /** The same of what alone computes all models of an engine. */
  public static Optional<String> device(Engine engine) {
    return device(engine.memory().stream().map(MemoryLedger::device));
  }

  private static Optional<String> device(Stream<String> ledgers) {
    List<String> names = ledgers.filter(name -> !name.equals("host")).distinct().toList();
    if (names.size() != 1 || names.getFirst().equals(Measurement.PROCESSOR)) {
      return names.size() == 1 ? Optional.of(Measurement.PROCESSOR) : Optional.empty();
    }
    return usable(false).stream()
        .flatMap(probe -> probe.devices().stream())
        .filter(device -> names.getFirst().equals(CARDS + ":" + device.index()))
        .map(device -> device.description())
        .findFirst();
  }

  private static List<Probe.Usable> usable(boolean isProcessor) {
    return Engine.devices().stream()
        .filter(found -> found.name().equals(isProcessor ? Measurement.PROCESSOR : CARDS))
        .map(Engine.Found::probe)
        .filter(Probe.Usable.class::isInstance)
        .map(Probe.Usable.class::cast)
        .toList();
  }

  /** What is another one now, for people, as in {@code it had 2 threads and has 4}. */
  List<String> changes(MeasuredMachine now) {
    List<String> changes = new ArrayList<>();
    differ(changes, "its processor", processor, now.processor);
    if (Math.abs(now.memoryBytes - memoryBytes) > SAME_MEMORY * memoryBytes) {
      differ(changes, "its memory", gib(memoryBytes), gib(now.memoryBytes));
    }
    differ(changes, "its number of threads", "" + threads, "" + now.threads);
    differ(changes, "its Linux", kernel, now.kernel);
    differ(changes, "its choice of kernels", kernels, now.kernels);
    differ(changes, "its Solebox", version, now.version);
    return changes;
  }

  private static String gib(long bytes) {
    return "%.1f GiB".formatted(bytes / GIB);
  }

  private static void differ(List<String> changes, String what, String before, String now) {
    if (!before.equals(now)) {
      changes.add("%s was %s and is %s".formatted(what, before, now));
    }
  }
}
