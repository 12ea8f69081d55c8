package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.Gpu;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Beside which memory the GPUs are. */
final class NumaNodes implements Check {
  @Override
  public String id() {
    return "numa";
  }

  @Override
  public String title() {
    return "the GPUs are beside one memory";
  }

  @Override
  public List<String> reads() {
    return List.of("sys/bus/pci/devices/*/numa_node", "lspci-vvv.txt");
  }

  @Override
  public String rule() {
    return "Said where GPUs are at several nodes: copies from a remote one have been measured at"
        + " 3.8 in place of 12 GB/s.";
  }

  @Override
  public String remedy() {
    return "Put cards that work together at one socket, and bind what feeds them to its node"
        + " (numactl --cpunodebind).";
  }

  @Override
  public List<Finding> examine(Facts facts) {
    Map<Integer, List<Gpu>> nodes = new TreeMap<>();
    facts.pci().gpus().stream()
        .filter(gpu -> gpu.pci().numaNode().isPresent())
        .forEach(
            gpu ->
                nodes
                    .computeIfAbsent(gpu.pci().numaNode().getAsInt(), _ -> new ArrayList<>())
                    .add(gpu));
    if (nodes.isEmpty()) {
      return List.of(Unread.of(id(), "At which node the GPUs are", new Reading.Absent()));
    }
    String where =
        nodes.entrySet().stream()
            .map(
                each ->
                    "node %d: %s"
                        .formatted(
                            each.getKey(),
                            each.getValue().stream()
                                .map(Gpu::device)
                                .collect(Collectors.joining(", "))))
            .collect(Collectors.joining("; "));
    List<Evidence> evidence =
        nodes.values().stream().map(each -> each.getFirst().pci().seen().getFirst()).toList();
    return List.of(
        nodes.size() == 1
            ? Finding.calm(id(), Verdict.OK, "All GPUs are at " + where + ".", evidence)
            : Finding.calm(
                id(),
                Verdict.INFO,
                "The GPUs are at several nodes (%s): what feeds one from the other's memory is a third as fast, so bind it (numactl --cpunodebind)."
                    .formatted(where),
                evidence));
  }
}
