package io.solebox.app.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.bench.report.Comparison.Verdict;
import io.solebox.app.console.Json;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportsTest {
  private static final Pattern TAG = Pattern.compile("<(/?)([a-z][a-z0-9]*)([^<>]*?)(/?)>");
  private static final String EVIL = "</script><script>alert(1)</script><img src=\"http://x\"/>&'";

  @TempDir private Path folder;

  @Test
  void aReportIsReadAsItWasWritten() throws IOException {
    BoxReport report = Reports.cards();
    Path json = folder.resolve("a.json");
    Path page = folder.resolve("a.html");
    ReportFile.at(json).write(Json.text(ReportJson.fields(report)));
    ReportFile.at(page).write(ReportHtml.of(report));
    assertEquals(report, ReportReader.read(json));
    assertEquals(report, ReportReader.read(page));
    assertEquals(Set.of("a.html", "a.json"), names());
  }

  private Set<String> names() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  @Test
  void pagesAreWellFormedAndAskNobodyForAnything() {
    BoxReport evil = Reports.cards(EVIL, Reports.DIGEST, "1.0", 1);
    var comparison = Comparison.of(Reports.cards(), evil);
    for (String page : List.of(ReportHtml.of(evil), CompareHtml.of(comparison))) {
      requireWellFormed(page);
      assertEquals(1, page.split("<script", -1).length - 1, "the JSON, and nothing else");
      assertFalse(page.contains("<img"), page);
      assertTrue(page.contains("default-src 'none'"));
      assertTrue(page.contains("prefers-color-scheme: dark") && page.contains("<svg"));
    }
  }

  /** As a reader of XML would have it: every element ends, in the right order. */
  private static void requireWellFormed(String page) {
    Deque<String> open = new ArrayDeque<>();
    var tags = TAG.matcher(page.substring(page.indexOf("<html")));
    while (tags.find()) {
      if (tags.group(1).isEmpty()) {
        open.push(tags.group(2));
      }
      if (!tags.group(1).isEmpty() || !tags.group(4).isEmpty()) {
        assertEquals(open.pop(), tags.group(2), "at " + tags.group());
      }
    }
    assertTrue(open.isEmpty(), open.toString());
  }

  @Test
  void whatIsNoReportIsRefusedInWords() throws IOException {
    String whole = Json.text(ReportJson.fields(Reports.cards()));
    String page = ReportHtml.of(Reports.cards());
    refused("hello", "neither JSON nor a page");
    refused("{}", "no report of 'solebox bench'");
    refused(Json.text(Comparison.of(Reports.cards(), Reports.cards()).fields()), "no report of");
    refused(whole.substring(0, whole.length() / 2), "no whole JSON");
    refused(page.substring(0, page.length() - 2000), "cut off");
    refused(whole.replaceFirst("\"version\":1", "\"version\":2"), "reads version 1");
    refused(whole.replaceFirst("\"runs\":\\[9.4", "\"runs\":[-9.4"), "'figures[0].runs[0]'");
    refused(whole.replaceFirst("\"runs\":\\[9.4", "\"runs\":[null"), "no number from 0");
    refused(whole.replaceFirst("\"runs\":\\[9.4", "\"runs\":[NaN"), "no whole JSON");
    refused(whole.replaceFirst("\"runs\":\\[9.4,3.1", "\"runs\":["), "'figures[0].runs' is empty");
    refused(whole.replaceFirst("\"cpu\":", "\"cqu\":"), "'machine.cpu'");
    refused(whole.replaceFirst("\"quantity\":\"load\"", "\"quantity\":\"wit\""), "quantity");
    refused(whole.replaceFirst("\"unit\":\"s\"", "\"unit\":\"ms\""), "is not 's'");
    refused(whole.replaceFirst("\"context\":512", "\"context\":128"), "tells twice");
    refused(whole.replaceFirst("\"clients\":1,", "\"clients\":0,"), "is not from 1");
    refused(whole.replaceFirst(Reports.DIGEST, "x"), "no SHA-256");
    assertEquals(
        ErrorCode.IO_ERROR,
        assertThrows(
                SoleboxException.class, () -> ReportReader.read(folder.resolve("nothing.json")))
            .code());
  }

  private void refused(String text, String words) throws IOException {
    Path file = folder.resolve("bad.json");
    Files.writeString(file, text);
    var error = assertThrows(SoleboxException.class, () -> ReportReader.read(file), words);
    assertTrue(error.describe().contains(words), error.describe());
  }

  @Test
  void nothingOfSomebodyElseIsOverwritten() throws IOException {
    Path mine = folder.resolve("mine.html");
    Files.writeString(mine, "<p>mine</p>");
    var error = assertThrows(SoleboxException.class, () -> ReportFile.at(mine));
    assertTrue(error.describe().contains("something else already"), error.describe());
    assertEquals("<p>mine</p>", Files.readString(mine));
    assertThrows(SoleboxException.class, () -> ReportFile.at(folder.resolve("a.txt")));
    assertThrows(SoleboxException.class, () -> ReportFile.at(folder.resolve("no/a.html")));
    Path link = Files.createSymbolicLink(folder.resolve("link.html"), mine);
    assertThrows(SoleboxException.class, () -> ReportFile.at(link));
    Path ours = folder.resolve("ours.html");
    ReportFile.at(ours).write(ReportHtml.of(Reports.cards()));
    ReportFile.at(ours).write(ReportHtml.of(Reports.cards("Another", Reports.DIGEST, "1.0", 1)));
    assertEquals("Another", ReportReader.read(ours).model().name());
  }

  @Test
  void ratiosSayWhoIsBetterOnlyWhereTheyCan() {
    BoxReport base = Reports.cards();
    var same = Comparison.of(base, Reports.cards("Made up 13B", Reports.DIGEST, "1.0", 1.005));
    assertEquals("The same model, settings, machine and Solebox.", same.conclusion());
    assertEquals(Set.of(Verdict.NOISE), verdicts(same), "noise is larger than the difference");

    var faster = Comparison.of(base, Reports.cards("Made up 13B", Reports.DIGEST, "1.1", 1.5));
    assertTrue(faster.conclusion().contains("the Solebox version is another"));
    assertEquals(1.5, decode(faster).ratio(), 1e-9);
    assertEquals(Verdict.BETTER, decode(faster).verdict());
    assertEquals(Verdict.BETTER, row(faster, Quantity.FIRST_TOKEN).verdict(), "less is better");
    assertEquals(Verdict.WORSE, decode(Comparison.of(faster.second(), base)).verdict());

    String other = Reports.DIGEST.replace('0', 'f');
    var models = Comparison.of(base, Reports.cards("Other", other, "1.0", 1.5));
    assertTrue(models.conclusion().startsWith("Not comparable"), models.conclusion());
    assertEquals(Set.of(Verdict.OTHER_WORK), verdicts(models));
  }

  private static Set<Verdict> verdicts(Comparison comparison) {
    return comparison.rows().stream().map(Comparison.Row::verdict).collect(Collectors.toSet());
  }

  private static Comparison.Row decode(Comparison comparison) {
    return row(comparison, Quantity.DECODE);
  }

  private static Comparison.Row row(Comparison comparison, Quantity quantity) {
    return comparison.rows().stream()
        .filter(row -> row.first().quantity() == quantity)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void figuresOfOneAloneAreNamed() {
    BoxReport base = Reports.cards();
    BoxReport less =
        new BoxReport(
            base.at(),
            base.version(),
            base.command(),
            base.machine(),
            base.model(),
            base.conditions(),
            base.figures().subList(0, 1),
            base.trace(),
            List.of(),
            List.of());
    var comparison = Comparison.of(less, base);
    assertEquals(List.of(), comparison.onlyFirst());
    assertTrue(comparison.onlySecond().contains("Decode at 512"), comparison.toString());
  }

  @Test
  void theSeedFigureIsScaledByBytesPerToken() {
    assertEquals(80, SeedFigure.FOUR_BITS.scaled(7.87e9), 1e-9);
    assertEquals(160, SeedFigure.SIXTEEN_BITS.scaled(13e9), 1e-9);
    assertTrue(
        SeedFigure.SIXTEEN_BITS
            .arithmetic(Reports.cards().model())
            .contains("26.00 GB of weights a token = 2080 GB/s"));
  }
}
