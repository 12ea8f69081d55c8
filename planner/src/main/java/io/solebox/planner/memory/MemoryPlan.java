package io.solebox.planner.memory;

import io.solebox.engine.api.LoadEstimate;
import io.solebox.engine.api.LoadEstimate.DeviceNeed;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.api.Placement;
import io.solebox.engine.api.PlannedDevices;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.machine.DeviceProfile;
import io.solebox.planner.machine.MachineProfile;
import io.solebox.planner.model.PlannedModel;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model takes of a machine, by the computation that decides about loads.
 *
 * @param placement which layers are on which device
 * @param devices as many as there are stages, in their order
 * @param notes for people: formats that devices have no kernels for
 */
public record MemoryPlan(Placement placement, List<DeviceMemory> devices, List<String> notes) {
  private static final long MIB = 1L << 20;

  /**
   * What is left to the driver by the CUDA backend, 256 MiB, and its context: 200 to 500 MiB, which
   * is general knowledge and was measured on no card here.
   */
  private static final Range CARD_DRIVER =
      new Range(
          456 * MIB,
          756 * MIB,
          Unit.BYTES,
          "256 MiB are left to the driver, and its context takes 200 to 500 MiB (not measured)");

  /** What a small Linux system and this program take beside models; not measured. */
  private static final Range SYSTEM =
      new Range(
          512 * MIB,
          1536 * MIB,
          Unit.BYTES,
          "the system and this program beside models (not measured)");

  private static final Range NOTHING =
      Range.exactly(0, Unit.BYTES, "what is free was asked of the system");

  public MemoryPlan {
    devices = List.copyOf(devices);
    notes = List.copyOf(notes);
  }

  /**
   * A machine's devices, with what their memories are taken by.
   *
   * @param isHere whether their memory is what is free now, and not what they have
   */
  public record Devices(MachineProfile machine, Sizings sizings, boolean isHere) {
    private boolean isCard(DeviceProfile device) {
      return device != machine.processor();
    }

    private Range driver(DeviceProfile device) {
      return isHere ? NOTHING : isCard(device) ? CARD_DRIVER : SYSTEM;
    }

    private Range has(DeviceProfile device) {
      return device
          .memory()
          .orElseThrow(
              () ->
                  new SoleboxException(
                      ErrorCode.INVALID_PARAMETER,
                      device.name(),
                      "How much memory it has is not known.",
                      "Say it with --memory."));
    }

    /** All that compute. */
    private List<OpenDevice> open() {
      List<OpenDevice> all = new ArrayList<>();
      machine.computing().forEach(device -> all.add(open(device, all.size())));
      return all;
    }

    private OpenDevice open(DeviceProfile device, int number) {
      boolean isCard = isCard(device);
      String name = isCard ? "cuda:" + number : "cpu";
      long capacity = (long) Math.max(0, has(device).low() - driver(device).high());
      return new OpenDevice(
          name,
          new PlannedBackend(device, number, isCard ? sizings.card() : sizings.processor()),
          new MemoryLedger(name, capacity));
    }
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} for a machine of which it is not known how
   *     much memory it has, and as {@link PlannedDevices#place} says
   */
  public static MemoryPlan of(PlannedModel model, Devices devices, LoadOptions options) {
    List<OpenDevice> open = devices.open();
    return of(model, devices, options, open, PlannedDevices.of(open, List.of(), host()));
  }

  /**
   * The same with a part of every layer on each of several cards.
   *
   * @throws SoleboxException as {@link #of}, and {@code INVALID_PARAMETER} for a model that cannot
   *     be split so over so many, with how many could have it
   */
  public static MemoryPlan ofRanks(PlannedModel model, Devices devices, LoadOptions options) {
    List<OpenDevice> open = devices.open();
    return of(model, devices, options, open, PlannedDevices.ranks(open, new PlannedTeam(), host()));
  }

  private static MemoryLedger host() {
    return new MemoryLedger("host", Long.MAX_VALUE);
  }

  private static MemoryPlan of(
      PlannedModel model,
      Devices devices,
      LoadOptions options,
      List<OpenDevice> open,
      PlannedDevices planned) {
    List<DeviceProfile> computing = devices.machine().computing();
    Placement placement = planned.place(model.outline(), options);
    LoadEstimate estimate = planned.estimate(model.outline(), options);
    List<DeviceMemory> all = new ArrayList<>();
    for (DeviceNeed need : estimate.devices()) {
      DeviceProfile device = computing.get(index(open, need.device()));
      all.add(
          DeviceMemory.of(
              need,
              need.device() + " " + device.name(),
              devices.driver(device),
              devices.has(device)));
    }
    return new MemoryPlan(placement, all, estimate.notes());
  }

  private static int index(List<OpenDevice> open, String name) {
    int i = 0;
    while (!open.get(i).name().equals(name)) {
      i++;
    }
    return i;
  }

  /** What a stage of the placement is on. */
  public static DeviceProfile device(Placement.Stage stage) {
    return planned(stage).device();
  }

  /** Its number among those that compute, from 0. */
  public static int number(Placement.Stage stage) {
    return planned(stage).number();
  }

  private static PlannedBackend planned(Placement.Stage stage) {
    return switch (stage.device().backend()) {
      case PlannedBackend planned -> planned;
      case Backend other -> throw new IllegalArgumentException(other.describe() + " is no plan's");
    };
  }

  /** Whether there is room on all devices: the least of them decides. */
  public DeviceMemory.Room room() {
    return devices.stream()
        .map(DeviceMemory::room)
        .max(Enum::compareTo)
        .orElse(DeviceMemory.Room.NO);
  }
}
