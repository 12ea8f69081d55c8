package io.solebox.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The report of made-up results: what is there, what is missing, what failed. */
class ReportTest {
  private static final String DECODE =
      """
      [{"batch": %d, "load_seconds": 4.2,
        "load": {"compile_seconds": %s, "uploaded_bytes": 14000000000, "upload_seconds": 0.7,
                 "upload_link_share": 0.4},
        "decode_tokens_per_second": {"median": %d},
        "prefill_tokens_per_second": {"median": 20000},
        "prefill_matrix_share": 0.55,
        "time_to_first_token_seconds": 0.055,
        "decode_at": [
          {"context": 512, "decode_tokens_per_second": {"median": 138.0},
           "decode_bandwidth_share": 0.86},
          {"context": 4096, "decode_tokens_per_second": {"median": 120.0},
           "decode_bandwidth_share": 0.8}]}]
      """;

  private static final String PEER =
      """
      {"decode_at": [{"context": 512, "decode_tokens_per_second": {"median": 70.0},
                      "decode_bytes_per_token": 24000000000}]}
      """;

  @TempDir Path folder;

  @BeforeEach
  void results() throws IOException {
    write("plan.txt", "13b F16\n7b Q8_0\n");
    write("machine.txt", "a card\n");
    write("yardsticks.json", "{\"read_bandwidth_bytes_per_second\": 4.2e12}");
    write(
        "conformance.json",
        "{\"passed\": 90, \"failed\": 1, \"skipped\": 2, \"seconds\": 12.5, \"failures\": []}");
    write("rows/13b-F16.synth.json", "{\"bytes\": 26000000000, \"seconds\": 26}");
    write("rows/13b-F16.cold.json", DECODE.formatted(1, "9.5", 138));
    write("rows/13b-F16.decode.json", DECODE.formatted(1, "0.25", 138));
    write("rows/13b-F16.prefill.json", DECODE.formatted(1, "0.25", 138));
    write("rows/13b-F16.streams.json", DECODE.formatted(8, "0.25", 700));
    write("peer/13b.json", PEER);
    write("rows/7b-Q8_0.failed", "the file takes too much\n");
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

  @Test
  void aRowHasAllThatWasMeasured() throws IOException {
    String row =
        "| 13b | F16 | 138.0 at 512 (86 %); 120.0 at 4096 (80 %) | 20000 (55 %) | 55 ms"
            + " | 700 at 8, 5.1 times one | 4.2 s, 20.0 GB/s (40 %) | 9.5 s, 0.3 s"
            + " | 70.0 at 512 (40 %) |";
    List<String> lines = report();
    assertTrue(lines.contains(row), String.join("\n", lines));
    assertTrue(lines.contains("Conformance: 90 passed, 1 failed, 2 skipped in 13 s"));
    assertTrue(lines.contains("- Read bandwidth: 4200.0 GB/s"));
  }

  @Test
  void whatIsMissingIsEmptyAndWhatFailedIsNamed() throws IOException {
    List<String> lines = report();
    assertTrue(lines.contains("| 7b | Q8_0 |  |  |  |  |  |  |  |"), String.join("\n", lines));
    assertTrue(lines.contains("- rows/7b-Q8_0: the file takes too much"));
  }

  @Test
  void aimsAreReachedOrMissed() throws IOException {
    List<String> aims = report().stream().filter(line -> line.contains(", aim ")).toList();
    assertEquals(
        List.of(
            "- 13b F16, decode at 512, share of read bandwidth: 0.86, aim 0.85, reached",
            "- 13b F16, decode at 4096, share of read bandwidth: 0.80, aim 0.85, missed",
            "- 13b F16, first token: 55 ms, aim 60 ms, reached",
            "- 13b F16, prefill, share of mma.sync: 0.55, aim 0.60, missed",
            "- 13b F16, eight streams, times one: 5.1, aim 5.0, reached",
            "- 13b F16, synth, MB/s: 1000, aim 500, reached"),
        aims);
  }

  @Test
  void jsonHasEveryRowAndFailure() throws IOException {
    report();
    JsonNode json = new ObjectMapper().readTree(folder.resolve("report.json").toFile());
    assertEquals(2, json.get("rows").size());
    assertEquals("13b", json.at("/rows/0/model").asString());
    assertEquals(1, json.get("failures").size());
    assertEquals(90, json.at("/conformance/passed").asInt());
  }
}
