package io.solebox.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of made-up results: what is there, what is missing, what failed. */
class ReportTest {
  private static final String ROW =
      """
      {"batch": %d, "load_seconds": 4.2,
       "load": {"compiled_modules": 12, "compile_seconds": 3.5, "upload_link_share": 0.4},
       "decode_tokens_per_second": {"median": %d},
       "prefill_tokens_per_second": {"median": 20000},
       "prefill_matrix_share": 0.55,
       "time_to_first_token_seconds": 0.055,
       "read_bandwidth_bytes_per_second": 4e12,
       "decode_at": [
         {"context": 512, "decode_tokens_per_second": {"median": 240},
          "decode_bandwidth_share": 0.51},
         {"context": 4096, "decode_tokens_per_second": {"median": 210},
          "decode_bandwidth_share": 0.72}]%s}
      """;

  private static final String PROFILE =
      """
      , "profiles": [{"position": 512, "step_microseconds": %d, "nodes": [
         {"kind": "rmsnorm", "launches": 81, "bytes": 20480, "microseconds": 3,
          "microseconds_apart": 4, "bytes_per_second": 0},
         {"kind": "gate_up Q4_K", "launches": 40, "bytes": 79626240, "microseconds": %d,
          "microseconds_apart": 45, "bytes_per_second": 2e12}],
        "host": {"hand_over_microseconds": 20, "launch_microseconds": 10,
                 "wait_microseconds": 3880, "wake_up_microseconds": 90}},
        {"position": 4096, "step_microseconds": 5000, "nodes": [
         {"kind": "attention", "launches": 40, "microseconds": 25, "microseconds_apart": 30,
          "bytes_per_second": 1e12}], "host": null}]
      """;

  @TempDir Path folder;

  @BeforeEach
  void results() throws IOException {
    write("plan.txt", "yardsticks\nrows/13b-Q4_K_M\nrows/13b-F16\nvariants/early-off\npeer/13b\n");
    write("machine.txt", "a card\n");
    write(
        "yardsticks.json",
        "{\"read_bandwidth_bytes_per_second\": 4.2e12, \"kernel_node_microseconds\": 1.5,"
            + " \"early_kernel_node_microseconds\": null, \"prefetch_bytes\": 64.0}");
    write("greedy.json", "{\"tokens\": 150, \"same\": [\"as usual\", \"no graphs\"]}");
    write(
        "conformance.json",
        "{\"passed\": 90, \"failed\": 1, \"skipped\": 2, \"failures\": [\"Some: it is 3\"],"
            + " \"finished\": [\"A\"], \"unfinished\": [\"B\"], \"seconds\": 12.5}");
    String one = ROW.formatted(1, 240, PROFILE.formatted(4000, 40));
    write("rows/13b-Q4_K_M.json", "[" + one + "," + ROW.formatted(8, 1300, "") + "]");
    write("rows/13b-Q4_K_M.clocks", "345, 3201\n1980, 3201\n");
    write("rows/13b-F16.failed", "not done within 70 s\n");
    String variant = ROW.formatted(1, 200, PROFILE.formatted(4400, 44));
    write("variants/early-off.json", "[" + variant + "]");
    write("peer/13b.skipped", "python3 has no PyTorch with CUDA\n");
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private List<String> report() throws IOException {
    Report.main(new String[] {folder.toString()});
    return Files.readAllLines(folder.resolve("report.md"));
  }

  private void has(String line) throws IOException {
    List<String> lines = report();
    assertTrue(lines.contains(line), String.join("\n", lines));
  }

  @Test
  void aRowHasAllThatWasMeasured() throws IOException {
    has(
        "| 13b Q4_K_M | 240.0 (51 %) at 512<br>210.0 (72 %) at 4096 | 20000 (55 %) | 55 ms"
            + " | 1300 with 8, 5.4 times one | 4.2 s (40 %) | 3.5 s, 12 modules"
            + " | 345 to 1980 MHz |");
    has("- reads of memory, the best of three kernels: 4200.0 GB/s");
    has("- compiling 12 modules of 13b Q4_K_M: 3.5 s, and 3.5 s from the driver's cache");
    has("- the reference's story word for word, 150 tokens: as usual, no graphs");
  }

  @Test
  void ceilingsThatWereNotMeasuredAreLeftOut() throws IOException {
    has("- from one empty kernel of a graph to the next: 1.50 us");
    has("- one prefetch into the second-level cache: 64 bytes");
    assertFalse(report().stream().anyMatch(line -> line.contains("the same where each")));
  }

  @Test
  void conformanceSaysWhatFailedAndWhatHadNoTime() throws IOException {
    has("- conformance: 90 passed, 1 failed, 2 skipped in 13 s");
    has("- failed: Some: it is 3");
    has("- not finished in time: B");
  }

  @Test
  void aMissedAimHasItsCause() throws IOException {
    has(
        "- 13b Q4_K_M: decode at 512, 51 % of the read bandwidth, aim 70 %; of a step's 4000 us:"
            + " gate_up Q4_K 40 % at 50 % of reads, rmsnorm 6 %, the host 3 %");
    List<String> lines = report();
    int missed = lines.indexOf("## Aims missed, and what the time went to");
    int reached = lines.indexOf("## Aims reached");
    assertTrue(missed > 0 && missed < reached, String.join("\n", lines));
    assertEquals(
        List.of(
            "- 13b Q4_K_M: decode at 4096, 72 % of the read bandwidth, aim 70 %",
            "- 13b Q4_K_M: first token, 55 ms, aim 60 ms",
            "- 13b Q4_K_M: eight streams, 5.4 times one, aim 5"),
        lines.subList(reached + 2, reached + 5));
  }

  @Test
  void aProfileIsBars() throws IOException {
    has("## Where the 4000 us of a step of 13b Q4_K_M at 512 go");
    has("gate_up Q4_K     40     40.0     45.0   40 % ██████████                2000      50 %");
    has("At 4096, of a step's 5000 us: attention 20 % at 25 % of reads.");
    has("host: hand over 20 us, launch 10 us, wait 3880 us, wake up 90 us");
  }

  @Test
  void variantsStandBesideTheUsual() throws IOException {
    has("| usual | 4000 | 240.0 | 3.5 | 40.0 | 3.0 |");
    has("| early-off | 4400 (+10.0 %) | 200.0 | 3.5 | 44.0 | 3.0 |");
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    has("- rows/13b-F16: not done within 70 s");
    has("- peer/13b: python3 has no PyTorch with CUDA");
    assertFalse(report().stream().anyMatch(line -> line.startsWith("| 13b F16")));
  }

  @Test
  void countersAreATable() throws IOException {
    write(
        "counters.csv",
        """
        ==PROF== Connected
        "ID","Kernel Name","dram__throughput.avg.pct_of_peak_sustained_elapsed","gpu__time_duration.sum"
        "","","%","us"
        "0","swiglu_q4_k_1(float *, int)","61.20","31.50"
        """);
    has("| swiglu_q4_k_1(float *, int) | 31.50 us | 61.20 |  |  |  |");
  }

  @Test
  void nothingAtAllIsAReportToo() throws IOException {
    try (var files = Files.newDirectoryStream(folder, "*.{json,txt}")) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    assertEquals("# Solebox on this machine", report().getFirst());
  }
}
