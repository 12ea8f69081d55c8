package io.solebox.hardware.nvml;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Source;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * NVIDIA's GPUs, by NVML in a process of its own. One that does not answer in time is killed, and
 * started again after a pause that grows; one that cannot be killed has no successor. Where there
 * is no NVIDIA driver, that is said and no error.
 */
public final class Nvml implements Source, GpuControl {
  /** As the system's loader knows it. */
  public static final String LIBRARY = "libnvidia-ml.so.1";

  private static final String BUS = "sys/bus/pci/devices";
  private static final String NVIDIA = "0x10de";
  private static final List<String> DRIVERS = List.of("nvidiactl", "dxg", "nvmap");

  private static final Set<Metric> TALLIED =
      EnumSet.of(Metric.XID_COUNT, Metric.XID_LAST_NUMBER, Metric.ENERGY_INTEGRATED_JOULES);

  private final String library;
  private final NvmlPace pace;
  private final NvmlServant.Starter starter;
  private final BooleanSupplier worthATry;
  private final ReentrantLock turn = new ReentrantLock(true);
  private final Map<String, Tally> tallies = new HashMap<>();
  private Optional<NvmlServant> child = Optional.empty();
  private Optional<NvmlServant> undead = Optional.empty();
  private Duration pause;
  private long notBefore = System.nanoTime();
  private String trouble = "";
  private boolean closed;
  private volatile int generation;

  /**
   * @param library {@link #LIBRARY}, or the path of another
   */
  public Nvml(String library, NvmlPace pace) {
    this(library, pace, NvmlServant.Starter.usual(), () -> true);
  }

  /**
   * @param worthATry whether there may be a GPU
   */
  Nvml(String library, NvmlPace pace, NvmlServant.Starter starter, BooleanSupplier worthATry) {
    this.library = library;
    this.starter = starter;
    this.worthATry = worthATry;
    this.pace = pace;
    this.pause = pace.firstPause();
  }

  /**
   * That of a machine. Where nothing of NVIDIA's is on its bus, the usual library is not even
   * looked for: it could not tell anything.
   *
   * @param library {@link #LIBRARY}, or another
   */
  public static Nvml of(Box box, String library) {
    return new Nvml(
        library,
        NvmlPace.USUAL,
        NvmlServant.Starter.usual(),
        () -> !library.equals(LIBRARY) || hasGpu(box));
  }

  /** By the bus, or by the devices that a driver has made: of WSL, and of boards without PCI. */
  private static boolean hasGpu(Box box) {
    List<String> devices = box.names("dev");
    return DRIVERS.stream().anyMatch(devices::contains)
        || box.names(BUS).stream()
            .anyMatch(
                each -> box.read(BUS + "/" + each + "/vendor").word().equals(Optional.of(NVIDIA)));
  }

  @Override
  public String name() {
    return "nvml";
  }

  @Override
  public Answer read() throws InterruptedException {
    turn.lockInterruptibly();
    try {
      Optional<List<String>> lines = asked(Order.READ.word());
      if (lines.isEmpty()) {
        return new Answer.Silence(trouble);
      }
      long nanos = System.nanoTime();
      List<DeviceReading> devices = new ArrayList<>();
      for (Lines.Gpu gpu : Lines.gpus(lines.get())) {
        Tally tally = tallies.computeIfAbsent(gpu.reading().id(), _ -> new Tally());
        devices.add(tally.counted(gpu.reading(), gpu.xids(), nanos));
      }
      if (!devices.isEmpty() && devices.stream().allMatch(Nvml::saysNothing)) {
        fail("no GPU tells anything any more"); // begun anew, it finds those that came back
      } else {
        pause = pace.firstPause();
      }
      return new Answer.Readings(devices);
    } finally {
      turn.unlock();
    }
  }

  /** But for what is counted here. */
  private static boolean saysNothing(DeviceReading device) {
    return device.values().entrySet().stream()
        .allMatch(
            each -> each.getValue() instanceof Measured.Missing || TALLIED.contains(each.getKey()));
  }

  @Override
  public int generation() {
    return generation;
  }

  @Override
  public Outcome<PowerLimits> powerLimits(String uuid) {
    return order(Order.POWER_LIMITS, uuid)
        .map(all -> new PowerLimits(all.getFirst(), all.get(1), all.get(2), all.getLast()));
  }

  @Override
  public Outcome<Void> setPowerLimit(String uuid, int milliwatts) {
    return order(Order.SET_POWER_LIMIT, uuid, milliwatts).map(_ -> null);
  }

  @Override
  public Outcome<List<Integer>> supportedSmMegahertz(String uuid) {
    return order(Order.SUPPORTED_CLOCKS, uuid);
  }

  @Override
  public Outcome<Void> lockSmClocks(String uuid, int minMegahertz, int maxMegahertz) {
    return order(Order.LOCK_CLOCKS, uuid, minMegahertz, maxMegahertz).map(_ -> null);
  }

  @Override
  public Outcome<Void> resetSmClocks(String uuid) {
    return order(Order.RESET_CLOCKS, uuid).map(_ -> null);
  }

  @Override
  public Outcome<Integer> smMegahertz(String uuid) {
    return order(Order.CLOCK, uuid).map(List::getFirst);
  }

  private Outcome<List<Integer>> order(Order order, String uuid, Integer... numbers) {
    try {
      // While it begins, others wait for it.
      if (!turn.tryLock(pace.begin().plus(pace.answer()).toNanos(), TimeUnit.NANOSECONDS)) {
        return new Outcome.Unanswered<>("NVML is busy with other questions");
      }
      try {
        List<Object> words = new ArrayList<>(List.of(order.word(), uuid));
        words.addAll(Arrays.asList(numbers));
        return asked(Lines.line(words.toArray()))
            .map(lines -> Lines.outcome(lines.getFirst()))
            .orElseGet(() -> new Outcome.Unanswered<>(trouble));
      } finally {
        turn.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Unanswered<>("whoever asked was interrupted");
    }
  }

  /** The answer of a living process; {@link #trouble} says why there is none. */
  private Optional<List<String>> asked(String question) throws InterruptedException {
    if (child.isEmpty() && !begun()) {
      return Optional.empty();
    }
    try {
      child.orElseThrow().ask(question);
      Optional<List<String>> answer = child.orElseThrow().hear(pace.answer());
      if (answer.isEmpty()) {
        fail(unheard(pace.answer()));
      }
      return answer;
    } catch (IOException e) {
      fail("NVML's process has ended");
      return Optional.empty();
    } catch (InterruptedException e) {
      fail("whoever asked was interrupted"); // the answer would be heard as that of the next
      throw e;
    }
  }

  private String unheard(Duration patience) {
    return child.filter(NvmlServant::lives).isPresent()
        ? "NVML has not answered for %s s: a GPU that dies hangs every call"
            .formatted(patience.toSeconds())
        : "NVML's process has ended";
  }

  private boolean begun() throws InterruptedException {
    if (closed || System.nanoTime() - notBefore < 0) {
      return false;
    }
    if (!worthATry.getAsBoolean()) {
      absent("there is no NVIDIA GPU");
      return false;
    }
    if (undead.filter(NvmlServant::lives).isPresent()) {
      fail("NVML hangs and cannot be ended: restart the machine");
      return false;
    }
    try {
      child = Optional.of(starter.start(library));
      Optional<List<String>> greeting = child.orElseThrow().hear(pace.begin());
      if (greeting.isEmpty()) {
        fail(unheard(pace.begin()));
        return false;
      }
      return greeted(Lines.words(greeting.get().getFirst()));
    } catch (IOException e) {
      fail("the process for NVML does not start: " + e.getMessage());
      return false;
    }
  }

  private boolean greeted(List<String> greeting) {
    switch (greeting.getFirst()) {
      case Lines.READY -> {
        generation++;
        return true;
      }
      case Lines.ABSENT -> absent("there is no " + library + ": no NVIDIA driver is installed");
      case String _ -> fail(greeting.getLast());
    }
    return false;
  }

  /** Nothing is wrong, and nothing is soon otherwise. */
  private void absent(String why) {
    fail(why);
    notBefore = System.nanoTime() + pace.absentPause().toNanos();
  }

  /** Ends what there is, and has the next wait longer. */
  private void fail(String why) {
    trouble = why;
    child.ifPresent(NvmlServant::end);
    undead = child.or(() -> undead);
    child = Optional.empty();
    notBefore = System.nanoTime() + pause.toNanos();
    Duration next = pause.multipliedBy(2);
    pause = next.compareTo(pace.longestPause()) < 0 ? next : pace.longestPause();
  }

  @Override
  public void close() {
    turn.lock();
    try {
      closed = true;
      trouble = "it was closed";
      child.ifPresent(NvmlServant::end);
      child = Optional.empty();
    } finally {
      turn.unlock();
    }
  }
}
