package io.solebox.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportTest {
  private static final long MIB = 1 << 20;
  private static final Vitals FIRST =
      new Vitals("after the warm-up", 10, 100, 20 * MIB, MIB, 200 * MIB, 40, 30, 0, 0, MIB);

  private static Report report(Vitals last) {
    return new Report(
        Options.parse(List.of()),
        new Tally(),
        List.of(FIRST, last),
        List.of(new Report.Sample(0, 100 * MIB), new Report.Sample(10, 200 * MIB)));
  }

  private static Vitals last(
      long heapMib, long directMib, int threads, int descriptors, long blocks, long storeMib) {
    return new Vitals(
        "at the end",
        20,
        200,
        heapMib * MIB,
        directMib * MIB,
        900 * MIB,
        threads,
        descriptors,
        blocks,
        0,
        storeMib * MIB);
  }

  @Test
  void whatMovesALittleHasNotGrown() {
    Report report = report(last(22, 2, 42, 31, 0, 4));
    assertEquals(List.of(), report.growth());
    assertTrue(report.passed());
    assertTrue(
        report.text().contains("| at the end | 20 | 200 | 22.0 | 2.00 | 900 | 42 | 31 | 0 |"));
  }

  @Test
  void everythingThatGrowsIsNamed() {
    List<String> grown = report(last(40, 8, 900, 60, 3, 50)).growth();
    assertEquals(6, grown.size(), grown::toString);
    assertTrue(grown.getFirst().startsWith("heap, MiB: 20.0, then 40.0"), grown::toString);
  }

  @Test
  void aFaultFailsTheRun() {
    Report report = report(FIRST);
    assertTrue(report.passed());
    report.tally().fault("GET /: 500");
    assertFalse(report.passed());
    assertTrue(report.text().contains("fault: GET /: 500"));
  }

  @Test
  void requestsAreCountedByTheirRoutes() {
    assertEquals("GET /v1/files/ID/content", Request.get("/v1/files/file-abc/content").kind());
    assertEquals("GET /props", Request.get("/props?model=guide").kind());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: {\"id\":1}\n\ndata: {\"error\":{\"message\":\"x\"}}\n\n",
        "event: error\ndata: {\"type\":\"error\"}\n\n",
        "event: response.failed\ndata: {}\n\n",
        "{\"message\":{}}\n{\"error\":\"x\"}\n"
      })
  void anErrorInsideAStreamIsSeen(String stream) {
    assertTrue(answer(stream).brokenOff());
  }

  @Test
  void textThatSpeaksOfErrorsIsNone() {
    assertFalse(answer("data: {\"delta\":\"event: error {\\\"error\\\":1}\"}\n\n").brokenOff());
    assertFalse(answer("{\"error_count\":0}").brokenOff());
  }

  private static Answer answer(String body) {
    return new Answer(200, body.getBytes(StandardCharsets.UTF_8), true, true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--nonsense 1",
        "--seconds",
        "--seconds x",
        "--seconds 0",
        "--minutes 0",
        "--connections -3",
        "--legs 0",
        "--"
      })
  void wrongOptionsAreRefused(String line) {
    List<String> arguments = List.of(line.split(" "));
    assertThrows(IllegalArgumentException.class, () -> Options.parse(arguments));
  }
}
