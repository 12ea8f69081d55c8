package io.solebox.hardware.nvml;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Hears of Xid errors: {@code nvmlEventData_t}, 32 bytes. */
final class XidEvents {
  private static final long XID = 0x8;
  private static final int TYPE = 8;
  private static final int DATA = 16;

  /** In one go, so that a GPU which errs without end does not hold up values. */
  private static final int MOST = 64;

  private final NvmlLibrary library;
  private final List<GpuHandle> gpus;
  private final MemorySegment set;
  private final MemorySegment event = Arena.ofAuto().allocate(32, 8);
  private final Map<String, String> deaf = new HashMap<>();

  private XidEvents(NvmlLibrary library, List<GpuHandle> gpus, MemorySegment set) {
    this.library = library;
    this.gpus = gpus;
    this.set = set;
  }

  /** Listens to all GPUs that let it. */
  static XidEvents listen(NvmlLibrary library, Asker asker, List<GpuHandle> gpus) {
    Outcome<MemorySegment> set = asker.written("nvmlEventSetCreate", out -> out.get(ADDRESS, 0));
    XidEvents events =
        new XidEvents(
            library,
            gpus,
            set instanceof Outcome.Done<MemorySegment>(MemorySegment made)
                ? made
                : MemorySegment.NULL);
    for (GpuHandle gpu : gpus) {
      gpu.device()
          .ifPresent(
              device -> {
                Outcome<Void> registered =
                    set instanceof Outcome.Done<MemorySegment>
                        ? asker.done("nvmlDeviceRegisterEvents", device, XID, events.set)
                        : set.map(_ -> null);
                if (!(registered instanceof Outcome.Done<Void>)) {
                  events.deaf.put(gpu.id(), registered.why());
                }
              });
    }
    return events;
  }

  /** Why those of a GPU are not heard; empty where they are. */
  String deafTo(GpuHandle gpu) {
    return deaf.getOrDefault(gpu.id(), "");
  }

  /** Those since the last time, by the GPU's id; none is waited for. */
  Map<String, List<Long>> drain() {
    Map<String, List<Long>> heard = new HashMap<>();
    if (set.equals(MemorySegment.NULL)) {
      return heard;
    }
    for (int i = 0; i < MOST && library.call("nvmlEventSetWait_v2", set, event, 0) == 0; i++) {
      long from = event.get(ADDRESS, 0).address();
      long xid = event.get(JAVA_LONG, DATA);
      if ((event.get(JAVA_LONG, TYPE) & XID) != 0) {
        gpus.stream()
            .filter(gpu -> gpu.device().filter(device -> device.address() == from).isPresent())
            .forEach(gpu -> heard.computeIfAbsent(gpu.id(), _ -> new ArrayList<>()).add(xid));
      }
    }
    return heard;
  }
}
