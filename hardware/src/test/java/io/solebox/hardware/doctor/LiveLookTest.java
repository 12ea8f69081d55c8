package io.solebox.hardware.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.box.TextBox;
import io.solebox.hardware.doctor.check.Checks;
import io.solebox.hardware.doctor.facts.EarlierLook;
import io.solebox.hardware.doctor.facts.Facts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one look has counted, the next one knows. */
final class LiveLookTest {
  private static final String GPU = "sys/bus/pci/devices/0000:01:00.0/";
  private static final Instant START = Instant.parse("2026-11-30T12:00:00Z");

  @TempDir private Path data;

  private static TextBox machine(int errors) {
    return new TextBox()
        .with(GPU + "vendor", "0x10de")
        .with(GPU + "device", "0x1db5")
        .with(GPU + "class", "0x030200")
        .with(GPU + "aer_dev_correctable", "RxErr %d\nTOTAL_ERR_COR %1$d\n".formatted(errors))
        .with(GPU + "aer_dev_fatal", "TOTAL_ERR_FATAL 0\n");
  }

  private Verdict aer(int errors, Instant now) {
    LiveLook look = LiveLook.at(machine(errors), data, Map.of(), () -> now);
    Facts facts = Facts.of(look.box());
    Verdict verdict =
        new Doctor(Checks.all())
            .examine(facts).stream()
                .filter(each -> each.id().equals("aer"))
                .findFirst()
                .orElseThrow()
                .verdict();
    assertEquals(Optional.empty(), look.keep(facts));
    return verdict;
  }

  @Test
  void whatDoesNotRiseIsNoWarningTheNextTime() throws IOException {
    assertEquals(Verdict.WARN, aer(20, START));
    assertEquals(Verdict.WARN, aer(20, START.plusSeconds(60)), "too soon to tell");
    assertEquals(Verdict.INFO, aer(20, START.plusSeconds(3000)));
    assertTrue(Files.readString(data.resolve(EarlierLook.FILE)).contains("12:00:00Z"));
    assertEquals(Verdict.WARN, aer(21, START.plusSeconds(7000)));
    assertTrue(Files.readString(data.resolve(EarlierLook.FILE)).contains("13:56:40Z"));
    assertEquals(Verdict.INFO, aer(21, START.plusSeconds(9000)));
  }

  @Test
  void whatTheDataHoldIsOfTheMachine() throws IOException {
    Files.writeString(data.resolve("hardware.properties"), "psu.watts=1400\n");
    Files.writeString(data.resolve(EarlierLook.FILE), "{\"at\":\"soon\"}");
    LiveLook look = LiveLook.at(machine(0), data, Map.of("board-status.json", "{}"), () -> START);
    assertEquals("psu.watts=1400", look.box().read("hardware.properties").word().orElseThrow());
    assertEquals("{}", look.box().read("board-status.json").word().orElseThrow());
    assertInstanceOf(Reading.Absent.class, look.box().read(EarlierLook.FILE));
    assertTrue(look.box().names("").contains("hardware.properties"));
  }

  @Test
  void aFolderThatCannotBeWrittenIsSaid() throws IOException {
    Path file = Files.createFile(data.resolve("file"));
    LiveLook look = LiveLook.at(machine(0), file, Map.of(), () -> START);
    assertTrue(look.keep(Facts.of(look.box())).orElseThrow().contains("cannot be written"));
  }
}
