package io.solebox.app.smoke;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.console.Console;
import io.solebox.engine.backend.trial.Identity;
import io.solebox.engine.backend.trial.LinkTrials;
import io.solebox.hardware.box.FolderBox;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.LastSmoke;
import io.solebox.hardware.guard.GuardSettings;
import io.solebox.hardware.power.PowerPlanner;
import io.solebox.hardware.power.PowerSettings;
import io.solebox.hardware.smoke.Figure;
import io.solebox.hardware.smoke.Grade;
import io.solebox.hardware.smoke.SmokeGuard;
import io.solebox.hardware.smoke.SmokeReport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole smoke test, of cards that give what they were told to. */
class SmokeRunTest {
  private static final BurnLeave LEAVE = leave(List.of());

  @TempDir private Path folder;

  private final ScriptedSampler sampler = new ScriptedSampler();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Console console =
      new Console(new ByteArrayInputStream(new byte[0]), out, out, "", false);
  private final FakeTrials first = new FakeTrials();
  private final FakeTrials second = new FakeTrials();
  private final FakeLinks together = new FakeLinks();
  private final AtomicLong clock = new AtomicLong();

  @BeforeEach
  void worksWarmly() {
    first.meanwhile = () -> sampler.say(65, 250);
  }

  private static BurnLeave leave(List<String> troubles) {
    return new BurnLeave(
        new PowerPlanner(PowerSettings.DEFAULTS).plan(List.of()),
        List.of("Tesla V100: its power limit is low enough."),
        troubles);
  }

  private static TriedCard card(int number, FakeTrials trials) {
    Identity identity =
        new Identity(
            "Tesla V100-SXM2-32GB",
            ScriptedSampler.address(number),
            "7.0",
            80,
            OptionalDouble.empty());
    return new TriedCard(
        "cuda:" + number, identity.name(), Optional.of(identity), trials, FakeTrials.reads(750e9));
  }

  private SmokeRun.Result test(BurnLeave leave, boolean isForced)
      throws IOException, InterruptedException {
    List<TriedCard> cards = List.of(card(0, first), card(1, second));
    Optional<LinkTrials> links = Optional.of(together);
    var guard = new SmokeGuard(GuardSettings.DEFAULTS, leave.plan());
    try (var watchman = new Watchman(sampler, guard, () -> false, clock::get);
        var progress = new SmokeProgress(console, List::of)) {
      Facts nothing = Facts.of(new FolderBox(folder));
      return new SmokeRun(cards, links, SmokePace.QUICK, watchman, nothing)
          .run(progress, leave, isForced, "1.0");
    }
  }

  private static Figure figure(SmokeReport report, String id, String subject) {
    return report.figures().stream()
        .filter(each -> each.id().equals(id) && each.subject().equals(subject))
        .findFirst()
        .orElseThrow(() -> new AssertionError(id + " of " + report.figures()));
  }

  @Test
  void cardsThatAreWellAreFoundWell() throws Exception {
    SmokeRun.Result result = test(LEAVE, false);
    SmokeReport report = result.report();
    assertEquals(List.of(), report.troubles().stream().filter(SmokeRunTest::isOfACard).toList());
    Figure work = figure(report, "burn.f16_matrix", "cuda:0");
    assertEquals(100e12, work.value(), "without the first seconds");
    assertEquals(Grade.GOOD, work.grade());
    assertEquals(Grade.GOOD, figure(report, "link", "cuda:0").grade());
    assertEquals(Grade.GOOD, figure(report, "memory.read", "cuda:1").grade());
    assertEquals(Grade.GOOD, figure(report, "ecc.uncorrected", "cuda:1").grade());
    assertEquals(Grade.GOOD, figure(report, "peer.direct", "cuda:0 to cuda:1").grade());
    assertEquals(Grade.NOT_JUDGED, figure(report, "copy.to_device.pageable", "cuda:0").grade());
    assertTrue(report.notes().toString().contains("not let into"), report.notes()::toString);
    assertEquals(Optional.empty(), report.aborted());
    assertEquals(3, report.curves().getFirst().places().size());
  }

  private static boolean isOfACard(Figure figure) {
    return !figure.id().endsWith(".at_once");
  }

  @Test
  void whatIsSharedShowsWhenAllCopyAtOnce() throws Exception {
    Figure together =
        figure(test(LEAVE, false).report(), "copy.to_device.pinned.at_once", "cuda:1");
    assertEquals(Grade.LOW, together.grade());
    assertTrue(together.reasons().toString().contains("Something on the way is shared"));
  }

  @Test
  void aWrongProductAndAWrongWordAreBadAndKeptForTheDoctor() throws Exception {
    first.wrongElements = 1;
    second.wrongWords = 2;
    SmokeReport report = test(LEAVE, false).report();
    assertEquals(Grade.BAD, report.grade());
    String product = figure(report, "burn.f16_matrix.wrong", "cuda:0").reasons().toString();
    assertTrue(product.contains("row 5, column 9") && product.contains("multiprocessor 17"));
    String word = figure(report, "memory.wrong", "cuda:1").reasons().toString();
    assertTrue(word.contains("At 0x7f0040") && word.contains("0x00000044 was read"), word);
    assertEquals(Optional.empty(), KeptReport.keep(report, folder));
    LastSmoke last = LastSmoke.of(new FolderBox(folder)).orElseThrow();
    assertEquals(report.at(), last.at());
    assertEquals(report.figures().size(), last.figures());
    assertTrue(last.troubles().stream().anyMatch(LastSmoke.Trouble::isBad));
  }

  @Test
  void aCardThatIsTooHotEndsTheTestWithinAPass() throws Exception {
    first.meanwhile = () -> sampler.say(95, 300);
    SmokeReport report = test(LEAVE, false).report();
    assertTrue(report.aborted().orElseThrow().contains("95 °C"), report.aborted()::toString);
    assertEquals(0, first.walked.get(), "nothing is begun after that");
    String missing = String.join("\n", report.missing());
    assertTrue(missing.contains("The walk through memory: the core"), missing);
    assertTrue(missing.contains("Sums over 2 cards"), missing);
    assertEquals(Grade.BAD, figure(report, "temperature.core", "cuda:0").grade());
  }

  /** The sampler hangs, and with it the guard. */
  @Test
  void aGuardThatDoesNotLookEndsTheTest() throws Exception {
    first.meanwhile = () -> clock.addAndGet(11_000_000_000L);
    SmokeReport report = test(LEAVE, false).report();
    assertEquals(Optional.of("nobody has looked at the cards for 11 s"), report.aborted());
  }

  @Test
  void whatNothingHoldsIsNotBurnedUnlessSomebodySaysThatTheyKnow() throws Exception {
    BurnLeave refused = leave(List.of("Nothing holds it.", "At worst the cards draw 2400 W."));
    SmokeReport report = test(refused, false).report();
    assertEquals(0, first.burned.get() + first.walked.get() + second.burned.get());
    assertTrue(report.missing().getFirst().contains("2400 W"), report.missing()::toString);
    assertEquals(Grade.GOOD, figure(report, "copy.to_device.pinned", "cuda:0").grade());
    assertEquals(Grade.LOW, figure(report, "power.held", "all cards").grade());
    test(refused, true);
    assertEquals(2, first.burned.get() + second.burned.get());
  }

  @Test
  void aCardThatNobodyWatchesIsNotHeld() {
    BurnLeave leave =
        LEAVE.watched(List.of(card(0, first).facts(), card(7, second).facts()), sampler.latest());
    assertEquals(List.of("Nothing tells the temperature of cuda:7."), leave.troubles());
  }

  @Test
  void aCardThatIsLostIsBadAndOthersGoOn() throws Exception {
    second.isLost = true;
    SmokeReport report = test(LEAVE, false).report();
    assertEquals(Grade.BAD, figure(report, "lost", "cuda:1").grade());
    assertEquals(Grade.GOOD, figure(report, "burn.f16_matrix", "cuda:0").grade());
  }

  @Test
  void aSumThatComesOutWronglyIsBad() throws Exception {
    together.isWrong = true;
    Figure sum = figure(test(LEAVE, false).report(), "lost", "cuda:0, cuda:1");
    assertEquals(Grade.BAD, sum.grade());
    assertTrue(sum.reasons().getFirst().contains("3 instead of 2"), sum::toString);
  }

  @Test
  void thePageIsOneFileWithPlotsAndTheTextTellsReasons() throws Exception {
    first.bytes = 5e9;
    SmokeRun.Result result = test(LEAVE, false);
    String page = SmokeHtml.of(result.report(), result.trace());
    assertTrue(page.contains("<svg") && page.contains("Operations over the run, TFLOP/s"), page);
    assertTrue(page.contains("memory of another socket"), page);
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(
            new ByteArrayInputStream(
                page.replace("<!doctype html>", "").getBytes(StandardCharsets.UTF_8)));
    assertFalse(page.contains("http://") || page.contains("https://"), "it needs no network");
    assertTrue(page.contains("<td class=\"n\">from cuda:0</td><td class=\"n\">-</td>"), page);
    SmokeText.print(console, result.report());
    List<String> lines = new ArrayList<>(out.toString(StandardCharsets.UTF_8).lines().toList());
    String copy =
        lines.stream()
            .filter(line -> line.contains("Copy to the device, pinned"))
            .findFirst()
            .get();
    assertTrue(copy.matches(".*5.00 GB/s +12.2 GB/s \\(41 %\\) +low"), copy);
    assertTrue(lines.contains("  from cuda:0  -       11.0"), lines::toString);
    assertTrue(lines.getLast().startsWith("Smoke test, quick: low."), lines::toString);
  }
}
