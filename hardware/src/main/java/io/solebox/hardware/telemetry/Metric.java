package io.solebox.hardware.telemetry;

import java.util.Locale;

/** What is measured; its name ends with its unit. */
public enum Metric {
  /** What a sensor, a zone, a probe or a drive says. */
  CELSIUS("Temperature that a sensor tells."),
  /** Where the maker of a sensor's device says that harm begins. */
  CRITICAL_CELSIUS("Temperature at which the sensor's device is in danger."),
  CORE_CELSIUS("Temperature of a GPU's core."),
  /** Of HBM or GDDR, NVML's field 82. */
  MEMORY_CELSIUS("Temperature of a GPU's memory."),
  SHUTDOWN_CELSIUS("Temperature of the core at which the GPU switches itself off."),
  SLOWDOWN_CELSIUS("Temperature of the core at which the GPU slows itself down."),
  MEMORY_MAX_CELSIUS("Temperature that the GPU's memory must not exceed."),
  CORE_MAX_CELSIUS("Temperature that the GPU's core must not exceed."),

  POWER_WATTS("Power that is drawn."),
  POWER_LIMIT_WATTS("Power limit in force."),
  POWER_LIMIT_MIN_WATTS("Lowest power limit that may be set."),
  POWER_LIMIT_MAX_WATTS("Highest power limit that may be set."),
  POWER_LIMIT_DEFAULT_WATTS("Power limit after the driver starts."),
  /** As the device counts it: a GPU since its driver loaded, others since the sampler began. */
  ENERGY_JOULES("Energy that the device has counted."),
  /** For GPUs before Volta, which count none: power times time, since the sampler began. */
  ENERGY_INTEGRATED_JOULES("Energy summed up from power, because the GPU counts none."),
  VOLTS("Voltage that a sensor tells."),
  AMPERES("Current that a sensor tells."),

  SM_MEGAHERTZ("Clock of a GPU's multiprocessors."),
  SM_MAX_MEGAHERTZ("Highest clock of a GPU's multiprocessors."),
  MEMORY_MEGAHERTZ("Clock of a GPU's memory."),
  /** See {@link EventReason}. */
  EVENT_REASONS_MASK("Bits of NVML that say what holds a GPU's clocks down."),

  FAN_PERCENT("Duty that a fan is asked for."),
  FAN_RPM("Turns of a fan in a minute."),

  BUSY_PERCENT("Share of time in which a GPU computed."),
  MEMORY_BUSY_PERCENT("Share of time in which a GPU's memory was read or written."),
  MEMORY_TOTAL_BYTES("Memory of a GPU."),
  MEMORY_USED_BYTES("Memory of a GPU in use, without what the driver keeps."),
  MEMORY_RESERVED_BYTES("Memory of a GPU that the driver keeps."),

  ECC_CORRECTED_COUNT("Memory errors corrected since the driver loaded."),
  ECC_UNCORRECTED_COUNT("Memory errors not corrected since the driver loaded."),
  ECC_CORRECTED_LIFETIME_COUNT("Memory errors corrected in the GPU's life."),
  ECC_UNCORRECTED_LIFETIME_COUNT("Memory errors not corrected in the GPU's life."),
  /** Ampere and later. */
  REMAPPED_CORRECTABLE_ROWS("Rows of memory remapped for corrected errors."),
  REMAPPED_UNCORRECTABLE_ROWS("Rows of memory remapped for errors not corrected."),
  REMAP_PENDING_FLAG("1 where a row of memory waits for a reset to be remapped."),
  REMAP_FAILED_FLAG("1 where a row of memory could not be remapped."),
  /** Before Ampere. */
  RETIRED_SINGLE_BIT_PAGES("Pages of memory retired for single-bit errors."),
  RETIRED_DOUBLE_BIT_PAGES("Pages of memory retired for double-bit errors."),
  RETIRE_PENDING_FLAG("1 where a page of memory waits for a restart to be retired."),

  PCIE_GENERATION("Generation of PCIe that the link runs at; it falls when idle."),
  PCIE_MAX_GENERATION("Highest generation of PCIe that card and slot allow."),
  PCIE_LANES("Lanes of PCIe in use."),
  PCIE_MAX_LANES("Most lanes of PCIe that card and slot allow."),
  PCIE_REPLAYS_COUNT("Packets of PCIe that had to be sent again."),

  /** Absent until there is one. */
  XID_LAST_NUMBER("Number of the last Xid error since the sampler began."),
  XID_COUNT("Xid errors since the sampler began."),

  /** See {@code BoardState}. */
  BOARD_STATE_NUMBER("What the board's controller does, by its number."),
  /** See {@code BoardFault}. */
  BOARD_FAULT_NUMBER("Fault that the board's controller has latched, by its number; 0 for none."),
  BOARD_THROTTLE_FLAG("1 where the board throttles its module."),
  BOARD_STOP_ASKED_FLAG("1 where the board's power button asks for a stop."),
  BOARD_HOST_LATE_FLAG("1 where the board misses the host's heartbeat."),
  /** Absent where there was none, or none for a minute. */
  BOARD_HEARTBEAT_AGE_SECONDS("Since the board heard the host's last heartbeat."),
  BOARD_BAD_FRAMES_COUNT("Frames of the host's that reached the board cut or changed.");

  private final String meaning;

  Metric(String meaning) {
    this.meaning = meaning;
  }

  /** As in JSON: {@code core_celsius}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** In a sentence for people. */
  public String meaning() {
    return meaning;
  }

  /** Whether it only ever grows, until a device or a driver begins anew. */
  public boolean counts() {
    return word().endsWith("_count") || this == ENERGY_JOULES || this == ENERGY_INTEGRATED_JOULES;
  }
}
