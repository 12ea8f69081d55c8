package io.solebox.hardware.doctor.check;

import io.solebox.hardware.doctor.Check;
import java.util.List;
import java.util.stream.Stream;

/** All checks, in the order in which they are told where nothing else orders them. */
public final class Checks {
  private Checks() {}

  /** One of each: those that may explain others first. */
  public static List<Check> all() {
    return Stream.of(machine(), gpus()).flatMap(List::stream).toList();
  }

  /** Of the buses, the host and its kernel. */
  private static List<Check> machine() {
    return List.of(
        new BoardLink(),
        new GpuPresent(),
        new CmdlineUnknown(),
        new HostWindowRoom(),
        new BridgeWindow(),
        new GpuBarNoSpace(),
        new GpuBarAssigned(),
        new GpuBar1Size(),
        new NvrmBar(),
        new KernelPageSize(),
        new ArmCoherency(),
        new ArmErratum(),
        new SmmuFaults(),
        new IommuGroup(),
        new Aer(),
        new LinkSpeed(),
        new LinkWidth(),
        new NumaNodes(),
        new PeerPath());
  }

  /** Of GPUs and their drivers. */
  private static List<Check> gpus() {
    return List.of(
        new BootEfi(),
        new DriverFlavour(),
        new DriverBranch(),
        new Nouveau(),
        new DriverOwner(),
        new NvmlVersion(),
        new NvrmInit(),
        new EccRetired(),
        new XidReported(),
        new FabricManager(),
        new PowerCap(),
        new PowerBudget(),
        new Thermal(),
        new Smoke());
  }
}
