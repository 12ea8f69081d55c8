package io.solebox.bench.gpu;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What the card gives to programs that do one thing alone, a line for each that was measured. */
final class Ceilings {
  private Ceilings() {}

  /**
   * @param yardsticks as {@code solebox bench --bandwidth --json} prints them
   */
  static List<String> items(JsonNode yardsticks) {
    var items = new ArrayList<String>();
    for (Line line : LINES) {
      Text.number(yardsticks, "/" + line.field())
          .ifPresent(value -> items.add(Text.of(line.format(), value / line.unit())));
    }
    return items;
  }

  private record Line(String field, double unit, String format) {}

  private static final List<Line> LINES =
      List.of(
          new Line(
              "read_bandwidth_bytes_per_second",
              1e9,
              "reads of memory, the best of three kernels: %.1f GB/s"),
          new Line("link_bandwidth_bytes_per_second", 1e9, "link, from pinned memory: %.1f GB/s"),
          new Line("matrix_flops_per_second", 1e12, "f16 mma.sync, from registers: %.1f TFLOP/s"),
          new Line(
              "kernel_node_microseconds",
              1,
              "from one empty kernel of a graph to the next: %.2f us"),
          new Line(
              "early_kernel_node_microseconds",
              1,
              "the same where each may start before the end of the one ahead: %.2f us"),
          new Line(
              "copy_node_microseconds",
              1,
              "what a copy between two kernels of a graph adds: %.2f us"),
          new Line("prefetch_bytes", 1, "one prefetch into the second-level cache: %.0f bytes"),
          new Line(
              "sleeping_wait_microseconds",
              1,
              "launch of a step and waiting for it asleep, beside the device's own time: %.1f us"),
          new Line(
              "looking_wait_microseconds",
              1,
              "the same, looking again and again when it should be done: %.1f us"));
}
