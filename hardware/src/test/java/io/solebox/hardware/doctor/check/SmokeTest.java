package io.solebox.hardware.doctor.check;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.box.TextBox;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.LastSmoke;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What the last smoke test left. */
final class SmokeTest {
  private static final String GPU = "sys/bus/pci/devices/0000:01:00.0/";

  private static TextBox machine() {
    return new TextBox()
        .with(GPU + "vendor", "0x10de")
        .with(GPU + "device", "0x1db5")
        .with(GPU + "class", "0x030200");
  }

  private static Diagnosis of(String report) {
    return Diagnosis.of(new Smoke(), machine().with(LastSmoke.FILE, report));
  }

  private static String report(String aborted, String... figures) {
    return "{\"at\":\"2026-11-30T12:00:00Z\",\"pace\":\"quick\"%s,\"figures\":[%s]}"
        .formatted(aborted, String.join(",", figures));
  }

  private static String figure(String verdict) {
    return "{\"subject\":\"cuda:0\",\"title\":\"Copy to the device\",\"verdict\":\"%s\",\"reasons\":[\"Half width\"]}"
        .formatted(verdict);
  }

  @Test
  void whatWasBadIsAFailureAndWhatWasLowAWarning() {
    of(report("", figure("good"), figure("low"), figure("bad")))
        .is(Verdict.FAIL, "30 November 2026", "quick", "is bad (Half width)", "cuda:0");
    of(report("", figure("good"), figure("low"))).is(Verdict.WARN, "is low");
    of(report(",\"aborted\":\"the core is at 87 °C\"", figure("good")))
        .is(Verdict.WARN, "was aborted: the core is at 87 °C");
    of(report("", figure("good"), figure("not_judged"))).is(Verdict.OK, "2 figures");
  }

  @Test
  void thatThereWasNoneIsSaid() {
    Diagnosis.of(new Smoke(), machine()).is(Verdict.INFO, "solebox smoke");
    Diagnosis.of(new Smoke(), new TextBox()).is(Verdict.NOT_APPLICABLE, "no GPU");
    of("no JSON").is(Verdict.NOT_READ, LastSmoke.FILE);
    of("{\"figures\":[]}").is(Verdict.NOT_READ, LastSmoke.FILE);
  }

  @Test
  void ofManyTheWorstAreNamed() {
    String[] many = new String[10];
    Arrays.fill(many, figure("low"));
    many[9] = figure("bad");
    Diagnosis diagnosis = of(report("", many));
    diagnosis.is(Verdict.FAIL, "is bad", "and 6 more");
    assertTrue(
        diagnosis.only().message().indexOf("is bad")
            < diagnosis.only().message().indexOf("is low"));
  }
}
